"""Reminding: which steps have come, and sending them (T-5).

Which step a deadline is at is computed from its dates. The notice's key holds deadline, step and recipient, so that
any number of schedulers send it once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.models import LIVE, Deadline, DeadlineEvent
from portal.foundation.deadlines.registry import kind_named, kinds, sharers
from portal.foundation.deadlines.reminding.notices import reminder
from portal.foundation.deadlines.reminding.rules import USUAL, Level, Step, step_at
from portal.foundation.deadlines.rules import EventKind, State
from portal.foundation.notifications.bulk import notify_many
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.queries import of_place
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place

Recipient = tuple[Organisation, Account | None]


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


def remind(steps: Iterable[tuple[int, Step]], today: date) -> int:
    """Send each deadline's step to everybody whom it has risen to; gives how many were still to be sent.

    Of a deadline that was done, moved or reminded of meanwhile nothing is sent. It takes a few statements however many
    they are; so do no more at once than a transaction ought to hold.
    """
    wanted = dict(steps)
    found = _locked(wanted)
    due = [found[key] for key, step in wanted.items() if key in found and _still(found[key], step)]
    told = _told(due, wanted)
    for each in due:
        step = wanted[each.id]
        each.reminded_step, each.reminded_level = step.name, int(step.level)
    notify_many(letter for each in due for letter in _letters(each, wanted[each.id], told[each.id], today))
    events = [
        {"deadline_id": each, "kind": EventKind.REMINDED, "happened_on": today, "note": _named(whom)}
        for each, whom in told.items()
    ]
    if events:
        db.session.execute(insert(DeadlineEvent), events)
    db.session.flush()
    return len(due)


def _locked(ids: Collection[int]) -> dict[int, Deadline]:
    """What of these is still owed, as it is at this moment, by id; nobody else changes it until the commit."""
    owing = joinedload(Deadline.owed_by).joinedload(Organisation.place)
    wanted = (
        select(Deadline)
        .where(Deadline.id.in_(ids), LIVE, Deadline.state == State.OPEN)
        .options(owing, joinedload(Deadline.owed_to), joinedload(Deadline.person))
        # In one order, so that of two schedulers one waits for the other.
        .order_by(Deadline.id)
        .with_for_update(of=Deadline)
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in db.session.scalars(wanted)}


def _still(deadline: Deadline, step: Step) -> bool:
    """Whether the step is still to be sent: its date has not moved, and nobody has sent it meanwhile."""
    return deadline.due_on == step.on - timedelta(days=step.late) and deadline.reminded_step != step.name


def _letters(deadline: Deadline, step: Step, told: Iterable[Recipient], today: date) -> Iterator[Letter]:
    title, text, values = reminder(deadline, step, today)
    key, address = f"deadline:{deadline.id}:{step.name}", queries.address_of(deadline)
    for body, person in told:
        yield Letter(body, key, title, text, address, values, NoticeKind.DEADLINE, person)


def _named(told: Iterable[Recipient]) -> str:
    return "、".join(person.name if person else body.name for body, person in told)


def _told(due: Sequence[Deadline], steps: Mapping[int, Step]) -> dict[int, list[Recipient]]:
    """Whom each deadline's step is sent to, by its id."""
    shared: dict[tuple[str, int], Sequence[Organisation]] = {}
    for kind in {each.subject_kind for each in due}:
        found = sharers(kind, {each.subject_id for each in due if each.subject_kind == kind})
        shared |= {(kind, key): bodies for key, bodies in found.items()}
    offices: dict[int, Sequence[Organisation]] = {}
    above = {
        unit: _office_above(unit, offices)
        for unit in {
            each.owed_by for each in due if not each.owed_to and steps[each.id].level >= Level.OFFICE
        }
    }
    return {
        each.id: list(
            _recipients(
                each,
                steps[each.id].level,
                shared.get((each.subject_kind, each.subject_id), ()),
                each.owed_to or above.get(each.owed_by),
            )
        )
        for each in due
    }


def _recipients(
    deadline: Deadline, level: Level, shared: Sequence[Organisation], office: Organisation | None
) -> Iterator[Recipient]:
    """The officer, where one is named, else the unit; then the whole unit, its leader among it; then the office.

    Units that answer together with it (`shared`) are told at every step.
    """
    person = deadline.person
    named = person is not None and deadline.owed_by_id in person.unit_ids
    if named:
        yield deadline.owed_by, person
    if not named or level >= Level.LEADER:
        yield deadline.owed_by, None
    others = [*shared, *([office] if office is not None and level >= Level.OFFICE else [])]
    for body in {each.id: each for each in others}.values():
        if body.id != deadline.owed_by_id:
            yield body, None


def _office_above(unit: Organisation, known: dict[int, Sequence[Organisation]]) -> Organisation | None:
    """Who is told when nothing else helps: the nearest government's office above a unit.

    `known` are the offices of places, by the place's id; those that are looked up are put there.
    """
    place: Place | None = unit.place
    while place is not None:
        if place.id not in known:
            known[place.id] = of_place(place, OrganisationKind.GOVERNMENT_OFFICE)
        for body in known[place.id]:
            if body.id != unit.id:
                return body
        place = place.parent
    return None
