"""Putting right how deadlines are counted, where their terms were written down wrongly: many at once, each kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries, rules
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.opening import not_too_far
from portal.foundation.deadlines.registry import kind_named
from portal.foundation.deadlines.rules import EventKind, State, Terms
from portal.foundation.policies.models import Clause
from portal.foundation.siteversion import service as siteversion
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.rules import Calendar


@dataclass(frozen=True)
class Correction:
    """How a deadline ought to have been counted from the first: from which day, by which terms, on what basis."""

    begin: date
    terms: Terms
    clause: Clause | None
    basis: str


@dataclass(frozen=True)
class Corrected:
    """A deadline that was put right; `before` is its last day until then, `alarmed` whether it was owed and alarmed."""

    deadline: Deadline
    before: date
    alarmed: bool

    @property
    def moved(self) -> bool:
        """Whether its last day is another."""
        return self.deadline.due_on != self.before


def correct_many(wanted: Mapping[int, Correction], *, reason: str, by: Account) -> Sequence[Corrected]:
    """Count deadlines, by their ids, as they ought to have been counted; what was waived stays as it is.

    Pauses and extensions hold on. Whether one is history is judged as though it had been entered right (T-7), but
    what a person has opened again stays open. The verb of the slice that it is about has asked for the right. Refused
    for a fixed day more than ten years away.
    """
    version, calendar, today = workdays.version(), workdays.calendar(), clock.today()
    held = _locked(wanted)
    reopened = _reopened([each.id for each in held])
    found = []
    for each in held:
        history = each.history
        found.append(Corrected(each, each.due_on, each.state.running and not history))
        _put_right(each, wanted[each.id], calendar, each.id in reopened)
        each.calendar_version = version
        if found[-1].moved or each.history is not history:
            each.reminds_from, each.reminded_step, each.reminded_level = today, "", 0
    _note(found, reason.strip(), by, today)
    db.session.flush()
    return found


def _locked(ids: Collection[int]) -> Sequence[Deadline]:
    wanted = (
        select(Deadline)
        .where(Deadline.id.in_(ids), Deadline.state != State.WAIVED)
        .options(selectinload(Deadline.pauses), selectinload(Deadline.extensions))
        .order_by(Deadline.id)
        .with_for_update(of=Deadline)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(wanted).all()


def _reopened(ids: Collection[int]) -> set[int]:
    wanted = select(DeadlineEvent.deadline_id).where(
        DeadlineEvent.deadline_id.in_(ids), DeadlineEvent.kind == EventKind.REOPENED
    )
    return set(db.session.scalars(wanted))


def _put_right(deadline: Deadline, right: Correction, calendar: Calendar, reopened: bool) -> None:
    not_too_far(right.begin, right.terms.on)
    deadline.begins_on = right.begin
    deadline.counting, deadline.amount = right.terms.counting, right.terms.amount
    deadline.rolls, deadline.fixed_on = right.terms.rolls, right.terms.on
    deadline.clause, deadline.basis = right.clause, right.basis
    due = queries.due_of(deadline, calendar)
    deadline.due_on, deadline.expected = due.on, due.expected
    if deadline.state.running:
        deadline.history = not reopened and rules.is_history(due.on, deadline.opened_on)


def _note(found: Sequence[Corrected], reason: str, by: Account, today: date) -> None:
    if any(kind_named(each.deadline.kind).shown for each in found):
        siteversion.changed()
    events = [
        {
            "deadline_id": each.deadline.id,
            "kind": EventKind.CORRECTED,
            "happened_on": today,
            "by_id": by.id,
            "old_due": each.before if each.moved else None,
            "new_due": each.deadline.due_on if each.moved else None,
            "note": reason,
        }
        for each in found
    ]
    if events:
        db.session.execute(insert(DeadlineEvent), events)
