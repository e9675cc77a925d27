"""Reminding: which steps have come, and sending one (T-5).

Which step a deadline is at is computed from its dates. The notice's key holds deadline, step and recipient, so that
any number of schedulers send it once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.models import LIVE, Deadline, DeadlineEvent
from portal.foundation.deadlines.registry import kind_named, kinds
from portal.foundation.deadlines.reminding.notices import reminder
from portal.foundation.deadlines.reminding.rules import USUAL, Level, Step, step_at
from portal.foundation.deadlines.rules import EventKind, State
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place


def coming(today: date) -> list[tuple[int, Step]]:
    """Every running deadline whose newest step has come and has not gone out: its id and the step, first due first."""
    ahead = max(max(each.steps.before, default=0) for each in kinds().values()) if kinds() else 0
    ahead = max(ahead, *USUAL.before)
    found = []
    for row in db.session.execute(queries.reminding_by(today + timedelta(days=ahead))):
        step = step_at(kind_named(row.kind).steps, row.reminds_from, row.due_on, today)
        if step is not None and step.name != row.reminded_step:
            found.append((row.id, step))
    return found


def remind(deadline_id: int, step: Step, today: date) -> bool:
    """Send the step to everybody whom it has risen to; whether it was still to be sent.

    Nothing is sent when the deadline has been done, moved or reminded of meanwhile.
    """
    taken = (
        update(Deadline)
        .where(
            Deadline.id == deadline_id,
            LIVE,
            Deadline.state == State.OPEN,
            Deadline.due_on == step.on - timedelta(days=step.late),
            Deadline.reminded_step != step.name,
        )
        .values(reminded_step=step.name, reminded_level=int(step.level))
        .execution_options(synchronize_session=False)
    )
    result = db.session.execute(taken)
    if not (isinstance(result, CursorResult) and result.rowcount):
        return False
    whole = (joinedload(Deadline.owed_by), joinedload(Deadline.person))
    _send(db.session.get_one(Deadline, deadline_id, options=whole, populate_existing=True), step, today)
    return True


def _send(deadline: Deadline, step: Step, today: date) -> None:
    """Tell everybody, and write down who was told."""
    told = list(_recipients(deadline, step.level))
    title, text, values = reminder(deadline, step, today)
    for body, person in told:
        notify(
            body,
            key=f"deadline:{deadline.id}:{step.name}",
            title=title,
            body=text,
            values=values,
            address=queries.address_of(deadline),
            kind=NoticeKind.DEADLINE,
            account=person,
        )
    note = "、".join(person.name if person else body.name for body, person in told)
    db.session.add(
        DeadlineEvent(deadline_id=deadline.id, kind=EventKind.REMINDED, happened_on=today, note=note)
    )
    db.session.flush()


def _recipients(deadline: Deadline, level: Level) -> Iterator[tuple[Organisation, Account | None]]:
    """The officer, where one is named, else the unit; then the whole unit, its leader among it; then the office."""
    person = deadline.person
    named = person is not None and person.active and person.organisation_id == deadline.owed_by_id
    if named:
        yield deadline.owed_by, person
    if not named or level >= Level.LEADER:
        yield deadline.owed_by, None
    office = office_of(deadline) if level >= Level.OFFICE else None
    if office is not None and office.id != deadline.owed_by_id:
        yield office, None


def office_of(deadline: Deadline) -> Organisation | None:
    """Who is told when nothing else helps: whom it is owed to, else the nearest government's office above the unit."""
    if deadline.owed_to is not None:
        return deadline.owed_to
    place: Place | None = deadline.owed_by.place
    while place is not None:
        for body in of_place(place, OrganisationKind.GOVERNMENT_OFFICE):
            if body.id != deadline.owed_by_id:
                return body
        place = place.parent
    return None
