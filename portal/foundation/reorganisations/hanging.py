"""What hangs on a place or body today, kind by kind: shown before it is decided, and passed on when it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, inspect, select

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, Subject, moving, staying

MOST_SHOWN = 200
"""Records of a kind that are shown."""


@dataclass(frozen=True)
class Found:
    """How many records of a kind go on, and the first of them by key and name."""

    kind: Hanging
    count: int
    named: Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class Left:
    """How many records stay as they are for one reason."""

    reason: str
    count: int


def key_of(row: Any) -> Any:
    """The record's key, as the form gives it back; those with several columns are joined by a line."""
    return "-".join(str(each) for each in inspect(row).identity)


def rows(kind: Hanging, subject: Subject, limit: int | None = None) -> Sequence[Any]:
    """The records of a kind that go on, by their keys."""
    model = kind.column.class_
    wanted = select(model).where(kind.column == subject.id, *kind.where())
    keys = inspect(model).primary_key
    return db.session.scalars(wanted.order_by(*keys).limit(limit)).all()


def found(subject: Subject) -> list[Found]:
    """Everything that goes on when the subject does not, in the order of the registry; kinds without any left out."""
    every = []
    for kind in moving(subject):
        model = kind.column.class_
        counted = select(func.count()).select_from(model).where(kind.column == subject.id, *kind.where())
        count = db.session.scalar(counted) or 0
        if count:
            every.append(Found(kind, count, named(kind, subject, MOST_SHOWN)))
    return every


def named(kind: Hanging, subject: Subject, limit: int | None = None) -> list[tuple[Any, str]]:
    """The records of a kind that go on, by key and name."""
    return [(key_of(row), kind.name(row)) for row in rows(kind, subject, limit)]


def left(subject: Subject) -> list[Left]:
    """What stays as it is because it is history, counted by the reason; reasons for nothing left out."""
    counts: Counter[str] = Counter()
    tables = db.metadata.tables
    for key, reason in staying().items():
        table, name = key.split(".")
        column = tables[table].c[name]
        (foreign,) = column.foreign_keys
        if foreign.column.table.name != subject.__tablename__:
            continue
        counted = select(func.count()).select_from(tables[table]).where(column == subject.id)
        counts[reason] += db.session.scalar(counted) or 0
    return [Left(reason, count) for reason, count in counts.items() if count]
