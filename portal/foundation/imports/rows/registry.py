"""Whoever keeps records that can be handed in as rows says here how: this slice knows them by name only.

An act on many records (成批办理) is a kind as well: its rows are `{"id": …}` with what the act asks, one a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.imports.rows.rules import Column, broken
from portal.foundation.rights.rules import Right


@dataclass(frozen=True)
class RowKind:
    """Records of one kind, or an act on them. Labels are marked texts.

    `find(values, by)` gives the record that a row is about, or None for a new one, and raises Refused for a row
    that means nothing; `text(record)` is the record as a row says it, every column; `save(record, values, by)`
    calls the verb that a form calls and gives the record, None when it took it out. A field whose column the file
    lacks stays as it is. `every(by)` are the records that the person may change, in the order of the file that it
    takes along to fill in; an act has no such file.
    """

    name: str
    label: str
    right: Right
    columns: Sequence[Column]
    find: Callable[[Mapping[str, str], Account], Any | None]
    text: Callable[[Any], dict[str, str]]
    save: Callable[[Any | None, Mapping[str, str], Account], Any]
    every: Callable[[Account], Sequence[Any]] = lambda _by: ()

    def said(self, record: Any | None) -> dict[str, str] | None:
        """What stands, as a row read from a file says it; None for no record."""
        return None if record is None else {name: broken(text) for name, text in self.text(record).items()}


_kinds: dict[str, RowKind] = {}


def register_rows(kind: RowKind) -> None:
    """Make the kind known."""
    _kinds[kind.name] = kind


def row_kind(name: str) -> RowKind:
    """The kind of that name; NotFound when there is none."""
    found = _kinds.get(name)
    if found is None:
        raise NotFound("没有这种表。", "no_kind")
    return found
