"""What an address asks of a list of records: words to find, what it is narrowed by, its order and its columns.

Whatever the page does not know is left aside: addresses are kept for years, in people's views and bookmarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self

from flask import request

from admin.base import LONGEST_SEARCH
from admin.labels import options

ASKED = ("search", "sort", "desc", "column")
"""Parameters of every list of records; what it is narrowed by comes on top."""


class Narrows(Protocol):
    """What can leave out records of a list."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters."""

    @property
    def word(self) -> str:
        """What the address asks of it, empty for nothing."""

    def apply(self, query: Any) -> Any:
        """The query, narrowed where the address says so."""


@dataclass(frozen=True)
class Narrowing:
    """One choice by which a list is narrowed: `?name=<word>`.

    `choices` are the words of the address, what each means in `column`, and what people read.
    """

    name: str
    label: Any
    column: Any
    choices: tuple[tuple[str, Any, Any], ...]

    @classmethod
    def of(cls, name: str, label: Any, column: Any, kind: type[StrEnum]) -> Self:
        """By the values of an enumeration."""
        return cls(name, label, column, tuple((each.value, each, words) for each, words in options(kind)))

    @property
    def names(self) -> tuple[str, ...]:
        """Its one parameter."""
        return (self.name,)

    @property
    def word(self) -> str:
        """The word that the address says, empty when it is none of the choices."""
        said = request.args.get(self.name, "")
        return said if any(said == word for word, _value, _label in self.choices) else ""

    def apply(self, query: Any) -> Any:
        """The query, narrowed where the address says so."""
        word = self.word
        values = [value for each, value, _label in self.choices if each == word]
        return query.filter(self.column == values[0]) if values else query


@dataclass(frozen=True)
class Asked:
    """What the address asks, as far as the page knows it."""

    search: str
    sort: str | None
    falling: bool
    columns: Sequence[tuple[str, Any]]
    """Names and titles of the columns that are shown, at least one."""
    narrowed: bool
    """Whether a choice leaves out records."""


def asked(columns: Sequence[tuple[str, Any]], sortable: Iterable[str], by: Iterable[Narrows]) -> Asked:
    """Read the address for a list with these columns; `sortable` are the names of those that order it."""
    sort, chosen = request.args.get("sort"), set(request.args.getlist("column"))
    return Asked(
        search=request.args.get("search", "").strip()[:LONGEST_SEARCH],
        sort=sort if sort in set(sortable) else None,
        falling=request.args.get("desc") == "1",
        columns=[each for each in columns if each[0] in chosen] or columns,
        narrowed=any(each.word for each in by),
    )
