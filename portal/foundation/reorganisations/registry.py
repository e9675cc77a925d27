"""What can hang on a place or body: upper slices say what of it goes on, how it passes to a successor, how it ends.

Every foreign key to a place or a body is either here or among what stays as it was, with the reason (`register`);
`tests/reorganisations` compares both with the schema, so that a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Index, TextClause, UniqueConstraint, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place

Subject = Place | Organisation


@dataclass(frozen=True)
class Occasion:
    """A reorganisation that is being carried out: who goes, from which day on, on whose word, and in which words.

    `note` is what journals say of it. `absorb` lets a body go into another one with all that hangs on it, or end.
    """

    subject: Subject
    on: date
    by: Account
    note: str
    absorb: Callable[[Organisation, Organisation | None], None]


@dataclass(frozen=True)
class Hanging:
    """One kind of record that goes on when its place or body does not.

    `column` leads to the place or body, `where` gives which of the records go on: the others are history. `move`
    passes one to a successor and tells whether it did, False when the successor has its own; `drop` ends one where
    nobody goes on with it, and without it there must be somebody. `ending` says in words what `drop` does. Of a kind
    that is chosen `singly` each record may go to another successor. `follows` gives the body that a record belongs to:
    when a place is split it goes where that body has gone, since a place's work is done by its own bodies.
    """

    column: Any
    label: str
    name: Callable[[Any], str]
    move: Callable[[Hanging, Any, Subject, Occasion], bool]
    drop: Callable[[Any, Occasion], None] | None = None
    ending: str = ""
    where: Callable[[], Sequence[ColumnElement[bool] | TextClause]] = tuple
    singly: bool = False
    follows: Callable[[Any], int | None] | None = None

    @property
    def key(self) -> str:
        """Table and column, e.g. `duties.place_id`."""
        return f"{self.column.class_.__tablename__}.{self.column.key}"

    @property
    def about(self) -> str:
        """The table that the column leads to, `places` or `organisations`."""
        (foreign,) = self.column.property.columns[0].foreign_keys
        return str(foreign.column.table.name)


_moving: dict[str, Hanging] = {}
_staying: dict[str, str] = {}


def register(moving: Iterable[Hanging], staying: Mapping[str, str]) -> None:
    """Say once, when the application starts, what of a slice goes on, and which columns stay and why."""
    _moving.update({each.key: each for each in moving})
    _staying.update(staying)


def moving(subject: Subject) -> list[Hanging]:
    """The kinds that can hang on a place or on a body, in the order in which they pass on."""
    return moving_of(str(subject.__tablename__))


def moving_of(table: str) -> list[Hanging]:
    """The same by table: `places` or `organisations`."""
    return [each for each in _moving.values() if each.about == table]


def known() -> Mapping[str, str]:
    """Every column that was spoken of, with what was said: the label of its kind, or why it stays."""
    return {key: each.label for key, each in _moving.items()} | _staying


def staying() -> Mapping[str, str]:
    """The columns that stay as they were, each with the reason."""
    return dict(_staying)


def plainly(kind: Hanging, row: Any, successor: Subject, occasion: Occasion) -> bool:
    """Let the record lead to the successor, unless that has the same already: then this one ends."""
    if twin(row, kind.column, successor.id) is not None:
        if kind.drop is not None:
            kind.drop(row, occasion)
        return False
    setattr(row, kind.column.key, successor.id)
    db.session.flush()
    # Whom it leads to is read anew by the key.
    db.session.expire(row)
    return True


def delete(row: Any, occasion: Occasion) -> None:
    """End a record of a working copy: it is taken out, what was published of it stays."""
    del occasion
    db.session.delete(row)
    db.session.flush()


def twin(row: Any, column: Any, successor_id: int) -> Any | None:
    """The record that stands where this one would come to stand, by whatever is unique in its table."""
    model = type(row)
    for unique, where in _unique(model.__table__):
        if column.key not in unique or len(unique) == 1:
            continue
        others = [model.__table__.c[name] == getattr(row, name) for name in unique if name != column.key]
        wanted = select(model).where(column == successor_id, *others, *where).limit(1)
        found = db.session.scalar(wanted)
        if found is not None:
            return found
    return None


def _unique(table: Any) -> Iterable[tuple[list[str], list[Any]]]:
    for each in table.constraints:
        if isinstance(each, UniqueConstraint):
            yield [column.name for column in each.columns], []
    for each in table.indexes:
        if isinstance(each, Index) and each.unique:
            where = each.dialect_options["sqlite"]["where"]
            yield [column.name for column in each.columns], [] if where is None else [where]
