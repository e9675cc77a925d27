"""Counting anew: each running deadline by the calendar as it is now, and telling those whose day moved (T-2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import insert

from portal import clock
from portal.db import db
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.registry import kind_named
from portal.foundation.deadlines.rules import EventKind
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text, register
from portal.foundation.organisations.models import Organisation
from portal.foundation.siteversion import service as siteversion
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.registry import moved_by_calendar
from portal.foundation.workdays.rules import Calendar
from portal.i18n import mark

MOVED = mark("放假安排有变，%(count)s 项时限的到期日改了")
MOVED_ONE = mark("工作日历有更新，“%(title)s”的到期日由%(old)s改为%(new)s。改动的原因见链接。")
MOVED_MANY = mark(
    "工作日历有更新，贵单位有 %(count)s 项时限重新计算后改了到期日，例如“%(title)s”由%(old)s改为%(new)s。"
    "每一项的原来日期、现在日期和原因，都写在时限总表各项的“经过”里。"
)
_EXAMPLE = {"count": 3, "title": "报送承接方案", "old": date(2027, 2, 9), "new": date(2027, 2, 18)}
register(
    Text(NoticeKind.DEADLINE, MOVED, MOVED_ONE, _EXAMPLE),
    Text(NoticeKind.DEADLINE, MOVED, MOVED_MANY, _EXAMPLE),
)


def recompute(limit: int) -> int:
    """Count the running deadlines of at most so many units anew; how many units there were, 0 when all are done.

    Every date that moved is written down with the old one and the reason, and its unit gets one notice for this
    change of the calendar. What was counted by the newest calendar is left as it is, so that it may run any time.
    """
    version = workdays.version()
    units = queries.outdated_units(version, limit)
    calendar = workdays.calendar() if units else Calendar()
    for unit in units:
        # Nobody else changes them until the commit: of two that count at once, the second finds nothing left.
        before = {each: each.due_on for each in queries.outdated(unit, version)}
        moved = [(each, day) for each, day in before.items() if _recount(each, calendar, version)]
        _note(moved, calendar)
        live = [(each, day) for each, day in moved if not each.history]
        if live:
            _tell(db.session.get_one(Organisation, unit), live, version)
    db.session.flush()
    return len(units)


@moved_by_calendar
def moving(calendar: Calendar, days: Collection[date]) -> int:
    """How many running deadlines would move were the calendar so: what is said before a year is saved."""
    return queries.moved_by(calendar, days)


def _recount(deadline: Deadline, calendar: Calendar, version: int) -> bool:
    """Whether the last day moved."""
    due, before = queries.due_of(deadline, calendar), deadline.due_on
    deadline.due_on, deadline.expected, deadline.calendar_version = due.on, due.expected, version
    if due.on == before:
        return False
    deadline.reminds_from, deadline.reminded_step, deadline.reminded_level = clock.today(), "", 0
    return True


def _note(moved: Sequence[tuple[Deadline, date]], calendar: Calendar) -> None:
    """Write down what moved from when to when, and by which notices."""
    if any(kind_named(each.kind).shown for each, _before in moved):
        siteversion.changed()
    events = [
        {
            "deadline_id": each.id,
            "kind": EventKind.RECOMPUTED,
            "happened_on": clock.today(),
            "old_due": before,
            "new_due": each.due_on,
            "note": _why(each, before, calendar),
        }
        for each, before in moved
    ]
    if events:
        db.session.execute(insert(DeadlineEvent), events)


def _why(deadline: Deadline, before: date, calendar: Calendar) -> str:
    """The notices of all years that the period lies in."""
    last = max(before.year, deadline.due_on.year)
    years = (calendar.years.get(year) for year in range(min(deadline.begins_on.year, before.year), last + 1))
    return "；".join(sorted(year.source for year in years if year is not None and year.source))


def _tell(unit: Organisation, moved: Sequence[tuple[Deadline, date]], version: int) -> None:
    """One notice for this change of the calendar; a single date stands in it, several on the board."""
    (first, before), more = moved[0], len(moved) > 1
    values = {"count": len(moved), "title": first.title, "old": before, "new": first.due_on}
    notify(
        unit,
        # One that is counted a moment later, as it was just being opened, is told of by itself.
        key=f"deadlines:calendar:{version}:{first.id}",
        title=MOVED,
        body=MOVED_MANY if more else MOVED_ONE,
        values=values,
        address=f"{queries.ADDRESS}/" if more else queries.address_of(first),
        kind=NoticeKind.DEADLINE,
    )
