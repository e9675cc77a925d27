"""Telling many at once: what `notify` does for each, in a few statements for a thousand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite

from portal.db import Base, db
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.service import going_out
from portal.foundation.notifications.ways.queries import choices
from portal.queue import Job, ring

LOT = 1000
"""So many letters are written together."""

Row = TypeVar("Row", bound=Base)


def notify_many(letters: Iterable[Letter]) -> set[str]:
    """Tell each recipient of each letter once, as `notify` does; gives the whole keys of those that are new (T-6).

    Of two letters with the same key and recipient the first counts. They are written in the order given; two who tell
    the same at once do so in one order, or hold the record that it is about, so that neither waits for the other.
    """
    wanted: dict[str, Letter] = {}
    for each in letters:
        wanted.setdefault(each.whole_key, each)
    keys, new = list(wanted), set[str]()
    for begin in range(0, len(keys), LOT):
        new |= _written({key: wanted[key] for key in keys[begin : begin + LOT]})
    return new


def _written(letters: Mapping[str, Letter]) -> set[str]:
    notices = _inserted(Notice, [each.row() for each in letters.values()])
    chosen = choices({each.organisation_id for each in notices})
    going = [
        row
        for each in notices
        for row in going_out(each, chosen[each.organisation_id], letters[each.key].account)
    ]
    if going:
        _inserted(Delivery, going)
        ring(Job.DELIVER)
    return {each.key for each in notices}


def _inserted(table: type[Row], rows: list[dict[str, Any]]) -> Sequence[Row]:
    """Insert those whose key is not there yet, as the database says; gives them."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).on_conflict_do_nothing(index_elements=["key"]).returning(table)
    return db.session.scalars(statement, rows).all()
