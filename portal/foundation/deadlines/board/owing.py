"""The board unit by unit: who owes most, what of it comes first, and how much more there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.deadlines.board.queries import many, narrowed, part_of
from portal.foundation.deadlines.board.rules import SOON, Wanted
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.foundation.deadlines.rules import State
from portal.foundation.organisations.models import Organisation


@dataclass(frozen=True)
class Owing:
    """What one unit owes: how much in all, of it late and due within SOON, and the first of it by the day."""

    unit: Organisation
    live: int
    late: int
    soon: int
    first: Sequence[Deadline]

    @property
    def more(self) -> int:
        """How many there are besides the first."""
        return self.live - len(self.first)


def by_unit(wanted: Wanted, today: date, *, offset: int = 0, limit: int = 25, shown: int = 3) -> list[Owing]:
    """The units that owe what is asked for, those with most overdue first, each with its `shown` first rows."""
    live, late, soon = (
        func.count(),
        many(Deadline.state == State.OPEN, Deadline.due_on < today),
        many(Deadline.state == State.OPEN, Deadline.due_on >= today, Deadline.due_on <= today + SOON),
    )
    counted = narrowed(
        select(Deadline.owed_by_id, live, late, soon).where(LIVE, *part_of(wanted.part, today)), wanted
    )
    ranked = counted.group_by(Deadline.owed_by_id).order_by(
        late.desc(), func.min(Deadline.due_on), Deadline.owed_by_id
    )
    found: list[Any] = list(db.session.execute(ranked.offset(offset).limit(limit)))
    first = _first(wanted, today, [row[0] for row in found], shown)
    return [
        Owing(rows[0].owed_by, int(count), int(overdue), int(coming), rows)
        for unit, count, overdue, coming in found
        if (rows := [each for each in first if each.owed_by_id == unit])
    ]


def _first(wanted: Wanted, today: date, units: Collection[int], shown: int) -> Sequence[Deadline]:
    """The first rows of each of these units, by the day."""
    rank = func.row_number().over(partition_by=Deadline.owed_by_id, order_by=(Deadline.due_on, Deadline.id))
    ranked = narrowed(
        select(Deadline.id, rank.label("rank")).where(
            LIVE, Deadline.owed_by_id.in_(list(units)), *part_of(wanted.part, today)
        ),
        wanted,
    ).subquery()
    return db.session.scalars(
        select(Deadline)
        .join(ranked, ranked.c.id == Deadline.id)
        .where(ranked.c.rank <= shown)
        .options(joinedload(Deadline.owed_by), joinedload(Deadline.place), joinedload(Deadline.clause))
        .order_by(Deadline.due_on, Deadline.id)
    ).all()


def size(wanted: Wanted, today: date) -> int:
    """How many units owe something of what is asked for."""
    counted = select(func.count(Deadline.owed_by_id.distinct())).where(LIVE, *part_of(wanted.part, today))
    count: int = db.session.scalars(narrowed(counted, wanted)).one()
    return count
