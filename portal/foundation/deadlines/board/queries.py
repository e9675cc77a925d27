"""Reading the board: rows, counts, who owes how much, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.deadlines.board.rules import (
    DONE_FOR,
    LIVE_PARTS,
    SOON,
    WEEK,
    By,
    Part,
    Seen,
    Wanted,
    column,
)
from portal.foundation.deadlines.models import DONE, LIVE, PAST, Deadline
from portal.foundation.deadlines.registry import sharers
from portal.foundation.deadlines.rules import State
from portal.foundation.organisations.models import Organisation

MOST_ROWS = 40
"""The heat map has so many rows, those with most overdue first."""

COLUMNS: dict[By, Any] = {
    By.UNIT: Deadline.owed_by_id,
    By.PLACE: Deadline.place_id,
    By.KIND: Deadline.kind,
    By.LIST: Deadline.list_id,
}


@dataclass(frozen=True)
class Counts:
    """How many deadlines each part of the board holds."""

    parts: dict[Part, int]

    @property
    def live(self) -> int:
        """How many are owed now."""
        return sum(self.parts.get(part, 0) for part in LIVE_PARTS)


@dataclass
class Weeks:
    """A row of the heat map: what it is of (a key, or the name of a kind), what is due in which week, what is late."""

    key: Any
    weeks: dict[date, int] = field(default_factory=dict)
    late: int = 0
    live: int = 0


def rows(wanted: Wanted, today: date, *, offset: int = 0, limit: int = 50) -> Sequence[Deadline]:
    """The deadlines asked for: what is owed by its last day, what is done by the day it was done, newest first."""
    found = (
        narrowed(select(Deadline), wanted)
        .where(*part_of(wanted.part, today))
        .options(joinedload(Deadline.owed_by), joinedload(Deadline.place), joinedload(Deadline.clause))
        .order_by(*_order(wanted.part))
    )
    return db.session.scalars(found.offset(offset).limit(limit)).all()


def every(wanted: Wanted, today: date) -> Iterator[Deadline]:
    """The same, all of them, read in lots: for files to take along."""
    found = (
        narrowed(select(Deadline), wanted)
        .where(*part_of(wanted.part, today))
        .options(joinedload(Deadline.owed_by), joinedload(Deadline.place))
        .order_by(*_order(wanted.part))
        .execution_options(yield_per=500)
    )
    yield from db.session.scalars(found)


def ids(wanted: Wanted, today: date, among: Collection[int] | None = None) -> Sequence[int]:
    """Keys of the same, all of them or those among some: for what is done to many at once."""
    found = narrowed(select(Deadline.id), wanted).where(*part_of(wanted.part, today))
    if among is not None:
        found = found.where(Deadline.id.in_(among))
    return db.session.scalars(found.order_by(*_order(wanted.part))).all()


def size(wanted: Wanted, today: date) -> int:
    """How many rows there are."""
    found = narrowed(select(func.count()).select_from(Deadline), wanted).where(*part_of(wanted.part, today))
    count: int = db.session.scalars(found).one()
    return count


def counts(wanted: Wanted, today: date) -> Counts:
    """How many each part holds, whichever part is asked for; two questions over small indexes."""
    soon = today + SOON
    live = narrowed(
        select(
            many(Deadline.state == State.OPEN, Deadline.due_on < today),
            many(Deadline.state == State.OPEN, Deadline.due_on >= today, Deadline.due_on <= soon),
            many(Deadline.state == State.OPEN, Deadline.due_on > soon),
            many(Deadline.state == State.PAUSED),
        ).where(LIVE),
        wanted,
    )
    done = narrowed(
        select(many(Deadline.done_on <= Deadline.due_on), many(Deadline.done_on > Deadline.due_on)).where(
            *_done(today)
        ),
        wanted,
    )
    found: list[Any] = [*db.session.execute(live).one(), *db.session.execute(done).one()]
    return Counts(dict(zip((*LIVE_PARTS, Part.DONE, Part.DONE_LATE), map(int, found), strict=True)))


def heat_map(wanted: Wanted, today: date, by: By = By.UNIT) -> list[Weeks]:
    """How much is due in which week, of what runs and is not paused; most overdue first, MOST_ROWS at most."""
    of = COLUMNS[by]
    counted = narrowed(
        select(of, Deadline.due_on, func.count())
        .where(LIVE, Deadline.state == State.OPEN, of.is_not(None))
        .group_by(of, Deadline.due_on),
        wanted,
    )
    found: dict[Any, Weeks] = {}
    read: Any = db.session.execute(counted)
    for key, due_on, count in read:
        row = found.setdefault(key, Weeks(key))
        week = column(due_on, today)
        row.weeks[week] = row.weeks.get(week, 0) + count
        row.live += count
        row.late += count if due_on < today else 0
    return sorted(found.values(), key=lambda row: (-row.late, -row.live, row.key))[:MOST_ROWS]


def units(seen: Seen) -> Sequence[Organisation]:
    """The bodies that owe something now, by name: what the board can be narrowed by."""
    own = narrowed(select(Deadline.owed_by_id).where(LIVE), Wanted(seen))
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.name, Organisation.id)
    ).all()


def values(seen: Seen, by: By) -> Sequence[Any]:
    """The keys of the places, lists or kinds that something is owed of now."""
    what = COLUMNS[by]
    own = narrowed(select(what).where(LIVE, what.is_not(None)), Wanted(seen))
    return db.session.scalars(own.distinct().order_by(what)).all()


def seen_by(account: Account) -> Seen:
    """What the account may see: what its units owe and what concerns its places (R-3)."""
    own = places_of(account)
    return Seen(everything=True) if own is None else Seen(False, account.unit_ids, own)


def sees(seen: Seen, deadline: Deadline) -> bool:
    """Whether an account may see this one."""
    return (
        seen.everything
        or deadline.owed_by_id in seen.organisation_ids
        or deadline.place_id in seen.place_ids
        or deadline.owed_by.place_id in seen.place_ids
        or _shared(deadline, seen.organisation_ids)
    )


def _shared(deadline: Deadline, organisation_ids: Collection[int]) -> bool:
    """Whether one of the units answers together with the one that owes."""
    answering = sharers(deadline.subject_kind, [deadline.subject_id]).get(deadline.subject_id, ())
    return not {each.id for each in answering}.isdisjoint(organisation_ids)


def many(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group fulfil all of these."""
    return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)


def _done(today: date) -> list[Any]:
    return [DONE, Deadline.done_on >= today - DONE_FOR]


def part_of(part: Part | None, today: date) -> list[Any]:
    """The conditions of a part of the board; without one, of everything that is owed."""
    soon = today + SOON
    opened = [LIVE, Deadline.state == State.OPEN]
    parts: dict[Part | None, list[Any]] = {
        None: [LIVE],
        Part.LATE: [*opened, Deadline.due_on < today],
        Part.SOON: [*opened, Deadline.due_on >= today, Deadline.due_on <= soon],
        Part.DUE: [*opened, Deadline.due_on > soon],
        Part.PAUSED: [LIVE, Deadline.state == State.PAUSED],
        Part.DONE: [*_done(today), Deadline.done_on <= Deadline.due_on],
        Part.DONE_LATE: [*_done(today), Deadline.done_on > Deadline.due_on],
        Part.HISTORY: [PAST],
    }
    return parts[part]


def _order(part: Part | None) -> tuple[Any, ...]:
    if part in (Part.DONE, Part.DONE_LATE):
        return (Deadline.done_on.desc(), Deadline.id.desc())
    return (Deadline.due_on, Deadline.id)


def narrowed(query: Any, wanted: Wanted) -> Any:
    """The query, over deadlines, narrowed to what may be seen and what is asked for; the part is not looked at."""
    seen = wanted.seen
    if not seen.everything:
        theirs = select(Organisation.id).where(Organisation.place_id.in_(seen.place_ids))
        query = query.where(
            or_(
                Deadline.owed_by_id.in_(seen.organisation_ids),
                Deadline.place_id.in_(seen.place_ids),
                Deadline.owed_by_id.in_(theirs),
            )
        )
    if wanted.owed_by is not None:
        query = query.where(Deadline.owed_by_id == wanted.owed_by)
    if wanted.kind:
        query = query.where(Deadline.kind == wanted.kind)
    if wanted.place is not None:
        query = query.where(Deadline.place_id == wanted.place)
    if wanted.list_id is not None:
        query = query.where(Deadline.list_id == wanted.list_id)
    if wanted.week is not None:
        query = query.where(Deadline.due_on >= wanted.week, Deadline.due_on < wanted.week + WEEK)
    return query
