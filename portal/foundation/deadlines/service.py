"""Verbs on deadlines. Each changes the row and writes what was done.

`open`, `pause`, `resume`, `fulfil`, `cancel` and `renew` follow from the verb of another slice, which has asked for
the right; `by` is whoever did it, None for background work. What a person decides about the deadline itself
(`extend`, `waive`, `reopen`, `settle`) takes MANAGE_DEADLINES.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CursorResult, update

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines import queries, rules
from portal.foundation.deadlines.models import Deadline, DeadlineEvent, DeadlineExtension, DeadlinePause
from portal.foundation.deadlines.opening import Opening, not_too_far, open_many
from portal.foundation.deadlines.registry import DeadlineKind, kind_named
from portal.foundation.deadlines.rules import Counting, EventKind, PauseCause, State, Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause
from portal.foundation.rights.rules import Right
from portal.foundation.siteversion import service as siteversion
from portal.foundation.workdays import queries as workdays

RUNNING = (State.OPEN, State.PAUSED)


def open(  # noqa: A001  the word of the domain; no file is opened here
    kind: DeadlineKind,
    *,
    subject: tuple[str, int],
    owed_by: Organisation,
    title: str,
    begin: date,
    terms: Terms,
    by: Account | None,
    owed_to: Organisation | None = None,
    person: Account | None = None,
    place: Place | None = None,
    list_id: int | None = None,
    clause: Clause | None = None,
    basis: str = "",
    history: bool | None = None,
) -> Deadline:
    """What `owed_by` owes about a record, counted from `begin`, the day of the event, which does not count (T-1, T-3).

    `subject` is (kind, id) of the record, `basis` the clause as cited; `history` None lets the dates say (T-7). Owed
    once already, it is given as it is. Refused for a fixed day more than ten years away.
    """
    wanted = Opening(
        subject, owed_by, title, begin, terms, owed_to, person, place, list_id, clause, basis, history
    )
    new = open_many(kind, [wanted], by=by)
    if new:
        return new[0]
    deadline = queries.one(kind.name, *subject, owed_by.id)
    assert deadline is not None  # noqa: S101  it is not new, so it was there
    return deadline


def pause(
    deadline: Deadline, *, cause: PauseCause, on: date, by: Account | None, reason: str = ""
) -> Deadline:
    """Stop the clock for one of the causes of 行政许可法 45; `on` is the first day that is not counted.

    Refused for a fixed day, for a day outside the running period and for one to come; Conflict unless it runs.
    """
    if deadline.counting is Counting.FIXED_DAY:
        raise Refused("写明日期的时限不能暂停，只能延期。", code="fixed")
    if not deadline.begins_on <= on <= min(deadline.due_on, clock.today()):
        raise Refused("暂停的日期要在起算以后、到期以前，也不能晚于今天。", code="day")
    if any(each.ends_on is not None and each.ends_on >= on for each in deadline.pauses):
        raise Refused("这一天已经在前一次暂停里了。", code="day")
    _move(deadline, (State.OPEN,), state=State.PAUSED)
    deadline.pauses.append(DeadlinePause(cause=cause, reason=reason.strip(), begins_on=on))
    _counted_anew(deadline, EventKind.PAUSED, on, by=by, note=reason)
    return deadline


def resume(deadline: Deadline, *, on: date, by: Account | None, note: str = "") -> Deadline:
    """Let the clock go on; `on` is the last day that is not counted. Refused for a day before the pause or to come."""
    lasting = next((each for each in deadline.pauses if each.ends_on is None), None)
    if deadline.state is not State.PAUSED or lasting is None:
        raise Conflict("这项时限没有暂停。", code="state")
    if not lasting.begins_on <= on <= clock.today():
        raise Refused("恢复的日期不能早于暂停那天，也不能晚于今天。", code="day")
    _move(deadline, (State.PAUSED,), state=State.OPEN)
    lasting.ends_on = on
    _counted_anew(deadline, EventKind.RESUMED, on, by=by, note=note)
    return deadline


def extend(
    deadline: Deadline,
    *,
    reason: str,
    granted_by: str,
    by: Account,
    days: int = 0,
    until: date | None = None,
) -> Deadline:
    """More days of the same kind, or a later day, with the reason and who granted it (T-3).

    Forbidden without MANAGE_DEADLINES; Refused without both sentences or unless exactly one of days and day is given
    and lies later; Conflict when nothing is owed any more.
    """
    require(by, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    if not reason.strip() or not granted_by.strip():
        raise Refused("延期要写明理由和批准人。", code="reason")
    if (until is None) is not (1 <= days <= rules.LONGEST):
        raise Refused("请写延长几天，或者延到哪一天，只写一样。", code="length")
    if until is not None and until <= deadline.due_on:
        raise Refused("延到的日期要晚于现在的到期日。", code="length")
    not_too_far(deadline.begins_on, until)
    _not_too_long(deadline, days)
    # Changes nothing, but only one of two people goes on from here at a time.
    _move(deadline, RUNNING, title=deadline.title)
    deadline.extensions.append(
        DeadlineExtension(days=days, until=until, reason=reason.strip(), granted_by=granted_by.strip())
    )
    _counted_anew(deadline, EventKind.EXTENDED, clock.today(), by=by, note=reason)
    return deadline


def fulfil(deadline: Deadline, *, on: date, by: Account | None, note: str = "") -> Deadline:
    """What was owed was done on a day, late or not. Refused for a day to come, Conflict when nothing is owed."""
    if on > clock.today():
        raise Refused("办结的日期不能晚于今天。", code="day")
    _end(deadline, State.FULFILLED, EventKind.FULFILLED, on, by=by, note=note)
    return deadline


def cancel(deadline: Deadline, *, reason: str, by: Account | None) -> Deadline:
    """What it was about has fallen away; Conflict when nothing is owed any more."""
    _end(deadline, State.CANCELLED, EventKind.CANCELLED, clock.today(), by=by, note=reason)
    return deadline


def settle(deadline: Deadline, *, on: date, by: Account, note: str = "") -> Deadline:
    """Note by hand that it was done, as `fulfil`; takes MANAGE_DEADLINES. Refused for a day before it began."""
    require(by, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    if on < deadline.begins_on:
        raise Refused("办结的日期不能早于起算那天。", code="day")
    return fulfil(deadline, on=on, by=by, note=note)


def waive(deadline: Deadline, *, reason: str, by: Account) -> Deadline:
    """Nobody need do it any more; takes MANAGE_DEADLINES and a reason."""
    require(by, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    if not reason.strip():
        raise Refused("请写明免除的理由。", code="reason")
    _end(deadline, State.WAIVED, EventKind.WAIVED, clock.today(), by=by, note=reason)
    return deadline


def reopen(deadline: Deadline, *, reason: str, by: Account) -> Deadline:
    """Owed again from today, with its old date: what was closed, or history, which alarms from now on (T-7).

    Takes MANAGE_DEADLINES and a reason; Conflict as `renew`.
    """
    require(by, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    if not reason.strip():
        raise Refused("请写明重新打开的理由。", code="reason")
    return renew(deadline, reason=reason, by=by)


def renew(deadline: Deadline, *, reason: str, by: Account | None) -> Deadline:
    """The same where it follows from another slice's verb. Conflict for what is owed and alarms as it is."""
    if deadline.state.running and not deadline.history:
        raise Conflict("这项时限本来就没有结束。", code="state")
    today = clock.today()
    lasting = any(each.ends_on is None for each in deadline.pauses)
    _move(
        deadline,
        (deadline.state,),
        state=State.PAUSED if lasting else State.OPEN,
        history=False,
        done_on=None,
        reminds_from=today,
        reminded_step="",
        reminded_level=0,
    )
    _counted_anew(deadline, EventKind.REOPENED, today, by=by, note=reason)
    return deadline


def _not_too_long(deadline: Deadline, days: int) -> None:
    """Refuse what makes the whole period longer than a period can be, in however many steps."""
    if deadline.amount + sum(each.days for each in deadline.extensions) + days > rules.LONGEST:
        raise Refused("加在一起太长了，最多 %(count)s 天。", code="far", count=rules.LONGEST)


def _end(
    deadline: Deadline, state: State, kind: EventKind, on: date, *, by: Account | None, note: str
) -> None:
    """Close what runs. A pause that lasts ends with it: nothing is counted after the end."""
    _move(deadline, RUNNING, state=state, done_on=on if state is State.FULFILLED else None)
    for each in deadline.pauses:
        if each.ends_on is None:
            each.ends_on = max(on, each.begins_on)
    _counted_anew(deadline, kind, on, by=by, note=note)


def _counted_anew(deadline: Deadline, kind: EventKind, on: date, *, by: Account | None, note: str) -> None:
    """Write the last day down as it is now, and what was done; a day that moved begins its own reminders."""
    before = deadline.due_on
    # The version before the calendar: what is announced between the two is counted anew, never overlooked.
    deadline.calendar_version = workdays.version()
    due = queries.due_of(deadline, workdays.calendar())
    deadline.due_on, deadline.expected = due.on, due.expected
    if due.on != before:
        deadline.reminds_from, deadline.reminded_step, deadline.reminded_level = clock.today(), "", 0
    _note(deadline, kind, on, by=by, note=note, moved=(before, due.on) if due.on != before else None)


def _note(
    deadline: Deadline,
    kind: EventKind,
    on: date,
    *,
    by: Account | None,
    note: str = "",
    moved: tuple[date | None, date] | None = None,
) -> None:
    if kind_named(deadline.kind).shown:
        siteversion.changed()
    old, new = moved or (None, None)
    db.session.add(
        DeadlineEvent(
            deadline_id=deadline.id,
            kind=kind,
            happened_on=on,
            by_id=by.id if by else None,
            note=note.strip(),
            old_due=old,
            new_due=new,
        )
    )
    db.session.flush()


def _move(deadline: Deadline, expected: Iterable[State], **values: Any) -> None:
    """Change the deadline if it still is in one of the states, in one statement, so that one of two people wins."""
    db.session.flush()
    statement = update(Deadline).where(
        Deadline.id == deadline.id,
        Deadline.state.in_(list(expected)),
        Deadline.history.is_(deadline.history),
    )
    if not _changed(statement.values(**values)):
        raise Conflict("这项时限已经结束，或者刚才由别人处理了。", code="state")
    db.session.refresh(deadline)


def _changed(statement: Any) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, CursorResult) and result.rowcount > 0
