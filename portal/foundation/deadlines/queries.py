"""Reading deadlines: one, those of a record, those that run, and what the calendar means for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.deadlines import rules
from portal.foundation.deadlines.models import (
    LIVE,
    RUNNING,
    CalendarFeed,
    Deadline,
    DeadlineEvent,
)
from portal.foundation.deadlines.rules import Counted, Due, Extension, Pause, Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.workdays.rules import Calendar

ADDRESS = "/staff/deadlines"
"""Where the staff door keeps its pages of deadlines: notices and feeds lead there."""


def address_of(deadline: Deadline) -> str:
    """The path of the page that explains the deadline."""
    return f"{ADDRESS}/{deadline.id}/"


def terms_of(deadline: Deadline) -> Terms:
    """How the deadline is counted."""
    return Terms(deadline.counting, deadline.amount, deadline.rolls, deadline.fixed_on)


def pauses_of(deadline: Deadline) -> list[Pause]:
    """Its pauses, in the order in which they began."""
    return [Pause(each.cause, each.begins_on, each.ends_on) for each in deadline.pauses]


def extensions_of(deadline: Deadline) -> list[Extension]:
    """What was granted, in its order."""
    return [Extension(each.days, each.until) for each in deadline.extensions]


def due_of(deadline: Deadline, calendar: Calendar) -> Due:
    """Its last day by a calendar."""
    return rules.due(
        calendar, terms_of(deadline), deadline.begins_on, pauses_of(deadline), extensions_of(deadline)
    )


def explained(deadline: Deadline, calendar: Calendar) -> list[Counted]:
    """Every day from its beginning to its last day, and why it was counted or not (T-4)."""
    return rules.explained(
        calendar, terms_of(deadline), deadline.begins_on, pauses_of(deadline), extensions_of(deadline)
    )


def get(deadline_id: int) -> Deadline | None:
    """The deadline with this id."""
    return db.session.get(Deadline, deadline_id)


def of(subject_kind: str, subject_id: int) -> Sequence[Deadline]:
    """Everything owed about one record, the oldest first."""
    return db.session.scalars(
        select(Deadline)
        .where(Deadline.subject_kind == subject_kind, Deadline.subject_id == subject_id)
        .order_by(Deadline.id)
    ).all()


def of_many(subject_kind: str, subject_ids: Iterable[int]) -> Sequence[Deadline]:
    """The same for several records of a kind by one question."""
    return db.session.scalars(
        select(Deadline)
        .where(Deadline.subject_kind == subject_kind, Deadline.subject_id.in_(list(subject_ids)))
        .order_by(Deadline.id)
    ).all()


def one(kind: str, subject_kind: str, subject_id: int, owed_by_id: int) -> Deadline | None:
    """What one body owes of one kind about one record; there is one at most."""
    return db.session.scalar(
        select(Deadline).where(
            Deadline.kind == kind,
            Deadline.subject_kind == subject_kind,
            Deadline.subject_id == subject_id,
            Deadline.owed_by_id == owed_by_id,
        )
    )


def events(deadline: Deadline) -> Sequence[DeadlineEvent]:
    """What was done with it, the newest first."""
    return db.session.scalars(
        select(DeadlineEvent)
        .where(DeadlineEvent.deadline_id == deadline.id)
        .order_by(DeadlineEvent.id.desc())
    ).all()


def live_of(organisation_id: int, limit: int) -> Sequence[Deadline]:
    """What an organisation owes now, the first due first, so many at most."""
    return db.session.scalars(
        select(Deadline)
        .where(LIVE, Deadline.owed_by_id == organisation_id)
        .order_by(Deadline.due_on, Deadline.id)
        .limit(limit)
    ).all()


def reminding_by(day: date) -> Select[int, str, date, date, str]:
    """Of everything that alarms and whose last day is no later: id, kind, reminds_from, due_on, reminded_step.

    What is paused waits for nobody's hand and is left out.
    """
    return (
        select(Deadline.id, Deadline.kind, Deadline.reminds_from, Deadline.due_on, Deadline.reminded_step)
        .where(LIVE, Deadline.state == rules.State.OPEN, Deadline.due_on <= day)
        .order_by(Deadline.due_on, Deadline.id)
    )


def outdated_units(version: int, limit: int) -> Sequence[int]:
    """Ids of organisations whose running deadlines were counted by an older calendar than that of this version."""
    return db.session.scalars(
        select(Deadline.owed_by_id)
        .where(RUNNING, Deadline.calendar_version < version)
        .distinct()
        .limit(limit)
    ).all()


def outdated(organisation_id: int, version: int) -> Sequence[Deadline]:
    """Those of one organisation, with what their dates are made of; nobody else changes them until the commit."""
    wanted = _whole().where(
        RUNNING, Deadline.calendar_version < version, Deadline.owed_by_id == organisation_id
    )
    # Locked before pauses and extensions are read: one granted at this moment is waited for, not overwritten.
    locked = wanted.with_for_update(of=Deadline).execution_options(populate_existing=True)
    return db.session.scalars(locked).all()


def moved_by(calendar: Calendar, days: Collection[date]) -> int:
    """How many of the running deadlines would have another last day by this calendar (T-2).

    `days` are those that count otherwise in it: a period that ended before them, or begins after, is not looked at.
    """
    wanted = _whole().where(RUNNING, Deadline.due_on >= min(days), Deadline.begins_on < max(days))
    running = db.session.scalars(wanted.execution_options(yield_per=500))
    return sum(due_of(each, calendar).on != each.due_on for each in running)


def feed_of(organisation_id: int) -> CalendarFeed | None:
    """The organisation's calendar feed, if it has one."""
    return db.session.get(CalendarFeed, organisation_id)


def feeds(organisation_ids: Collection[int]) -> Sequence[CalendarFeed]:
    """The feeds of several organisations, with who made them."""
    wanted = select(CalendarFeed).where(CalendarFeed.organisation_id.in_(organisation_ids))
    return db.session.scalars(wanted.options(joinedload(CalendarFeed.made_by))).all()


def feed_by(secret_hash: str) -> Organisation | None:
    """Whose feed has a secret of this hash."""
    return db.session.scalar(
        select(Organisation).join(CalendarFeed).where(CalendarFeed.secret_hash == secret_hash)
    )


def _whole() -> Select[Deadline]:
    return (
        select(Deadline)
        .options(selectinload(Deadline.pauses), selectinload(Deadline.extensions))
        .order_by(Deadline.id)
    )
