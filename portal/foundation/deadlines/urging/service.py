"""The verb of urging. Reminders go by the clock; this is a person's word, written down as what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.queries import address_of
from portal.foundation.deadlines.registry import sharers
from portal.foundation.deadlines.reminding.notices import NO_BASIS
from portal.foundation.deadlines.rules import EventKind, Standing, standing
from portal.foundation.deadlines.urging.notices import URGED
from portal.foundation.deadlines.urging.queries import urged_on
from portal.foundation.notifications.service import notify
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right


def urge(deadline: Deadline, *, by: Account) -> DeadlineEvent:
    """Point out to the unit, and to those who answer with it, that the day has passed; gives what was written down.

    Forbidden without MANAGE_DEADLINES; Refused for what one's own unit owes; Conflict when it is not late, is history
    (T-7), or was urged today already, by whomever.
    """
    require(by, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    today = clock.today()
    _lock(deadline)
    if deadline.owed_by_id in by.unit_ids:
        raise Refused("这是贵单位自己的时限，不用催办。", code="own")
    if _standing(deadline, today) is not Standing.LATE:
        raise Conflict("这项时限没有逾期，或者刚才由别人处理了，不用催办。", code="state")
    if urged_on([deadline.id]).get(deadline.id) == today:
        raise Conflict("今天已经催办过了，一天最多一次。", code="again")
    told = list(_recipients(deadline))
    for body in told:
        _tell(deadline, body, today, by)
    event = DeadlineEvent(
        deadline_id=deadline.id,
        kind=EventKind.URGED,
        happened_on=today,
        by_id=by.id,
        note="、".join(body.name for body in told),
    )
    db.session.add(event)
    db.session.flush()
    return event


def _lock(deadline: Deadline) -> None:
    """Nobody else changes it or urges from here to the commit."""
    wanted = select(Deadline).where(Deadline.id == deadline.id).with_for_update(of=Deadline)
    db.session.execute(wanted.execution_options(populate_existing=True))


def _standing(deadline: Deadline, today: date) -> Standing:
    return standing(
        deadline.state, deadline.due_on, today, done_on=deadline.done_on, history=deadline.history
    )


def _recipients(deadline: Deadline) -> Iterator[Organisation]:
    """The unit that owes, its officer and leader among it, then those who answer together with it."""
    shared = sharers(deadline.subject_kind, [deadline.subject_id]).get(deadline.subject_id, ())
    yield from {each.id: each for each in (deadline.owed_by, *shared)}.values()


def _tell(deadline: Deadline, body: Organisation, today: date, by: Account) -> None:
    notify(
        body,
        key=f"deadline-urged:{deadline.id}:{today.isoformat()}",
        title=URGED.title,
        body=URGED.body,
        values={
            "title": deadline.title,
            "unit": body.name,
            "due": deadline.due_on,
            "days": (today - deadline.due_on).days,
            "basis": deadline.basis or NO_BASIS,
            "office": by.unit.name if by.unit else by.name,
        },
        address=address_of(deadline),
        kind=URGED.kind,
    )
