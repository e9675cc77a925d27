"""How something comes to be owed, one or many at once: counted by the calendar as it is, opened once (T-1, T-7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import rules
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.registry import DeadlineKind
from portal.foundation.deadlines.rules import EventKind, Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause
from portal.foundation.siteversion import service as siteversion
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.rules import Calendar

KEY = ["kind", "subject_kind", "subject_id", "owed_by_id"]
"""What there is one of at most."""


@dataclass(frozen=True)
class Opening:
    """What a unit is to owe; `service.open` says what each field means."""

    subject: tuple[str, int]
    owed_by: Organisation
    title: str
    begin: date
    terms: Terms
    owed_to: Organisation | None = None
    person: Account | None = None
    place: Place | None = None
    list_id: int | None = None
    clause: Clause | None = None
    basis: str = ""
    history: bool | None = None


def open_many(kind: DeadlineKind, openings: Iterable[Opening], *, by: Account | None) -> Sequence[Deadline]:
    """Open several of one kind in a few statements; gives those that are new, what was owed already is left out.

    `by` is whoever did what they follow from, None for background work; that verb has asked for the right. Refused
    for a fixed day more than ten years away.
    """
    # The version before the calendar: what is announced between the two is counted anew, never overlooked.
    version, calendar = workdays.version(), workdays.calendar()
    today = clock.today()
    rows = [_row(kind, each, calendar, version, today) for each in openings]
    made = _inserted(rows)
    events = [
        {
            "deadline_id": each.id,
            "kind": EventKind.OPENED,
            "happened_on": today,
            "by_id": by.id if by else None,
            "new_due": each.due_on,
        }
        for each in made
    ]
    if events:
        db.session.execute(insert(DeadlineEvent), events)
        if kind.shown:
            siteversion.changed()
    return made


def not_too_far(begin: date, day: date | None) -> None:
    """Refuse a day more than ten years away: every day up to the last one is explained, for decades, not centuries."""
    if day is not None and (day - begin).days > rules.LONGEST:
        raise Refused("日期太远了，最多十年。", code="far")


def _row(kind: DeadlineKind, said: Opening, calendar: Calendar, version: int, today: date) -> dict[str, Any]:
    not_too_far(said.begin, said.terms.on)
    due = rules.due(calendar, said.terms, said.begin)
    return {
        **dict(zip(KEY, (kind.name, *said.subject, said.owed_by.id), strict=True)),
        "owed_to_id": said.owed_to.id if said.owed_to else None,
        "person_id": said.person.id if said.person else None,
        "place_id": said.place.id if said.place else said.owed_by.place_id,
        "list_id": said.list_id,
        "title": said.title,
        "clause_id": said.clause.id if said.clause else None,
        "basis": said.basis,
        "begins_on": said.begin,
        "counting": said.terms.counting,
        "amount": said.terms.amount,
        "rolls": said.terms.rolls,
        "fixed_on": said.terms.on,
        "opened_on": today,
        "due_on": due.on,
        "expected": due.expected,
        "history": rules.is_history(due.on, today) if said.history is None else said.history,
        "calendar_version": version,
        "reminds_from": today,
    }


def _inserted(rows: list[dict[str, Any]]) -> Sequence[Deadline]:
    """Insert what is not owed already, as the database decides, and give it in the order of ids."""
    if not rows:
        return []
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Deadline).on_conflict_do_nothing(index_elements=KEY).returning(Deadline)
    return sorted(db.session.scalars(statement, rows), key=lambda each: each.id)
