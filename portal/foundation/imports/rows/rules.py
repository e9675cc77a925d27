"""Which column of a file is which field, and what becomes of a row. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_ROWS = 5000
"""Rows of one table; they are tried, and then written, in one transaction, for which other writers wait on SQLite."""

DEEPEST_HEADER = 10
"""The header stands in one of so many first rows; titles and notes may stand above it."""


class RowsState(StrEnum):
    """Where a table of rows stands."""

    WAITING = "waiting"
    READ = "read"
    REFUSED = "refused"
    APPLYING = "applying"
    APPLIED = "applied"
    DROPPED = "dropped"


class Fate(StrEnum):
    """What a row does."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    GONE = "gone"
    WRONG = "wrong"


@dataclass(frozen=True)
class Column:
    """A field of the record: `labels` are what its column is called in files, the first of them in ours.

    `place`: it says a place, by its code where it has one; people are shown the name.
    """

    name: str
    labels: tuple[str, ...]
    needed: bool = False
    place: bool = False


def folded(text: str) -> str:
    """A heading without spaces, line breaks and full-width forms, in small letters."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def header(row: Sequence[str], columns: Iterable[Column]) -> dict[str, int] | None:
    """Where each field stands, if the row is a header that names every needed one, each once; else None."""
    known = {folded(label): each.name for each in columns for label in each.labels}
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        name = known.get(folded(cell))
        if name is not None and name in found:
            return None
        if name is not None:
            found[name] = index
    return found if all(each.name in found for each in columns if each.needed) else None


def values(row: Sequence[str], where: Mapping[str, int]) -> dict[str, str]:
    """The row's text by field, without spaces around it; a field whose column the file lacks is left out."""
    return {name: broken(row[index].strip()) if index < len(row) else "" for name, index in where.items()}


def broken(text: str) -> str:
    """The text with line breaks as a workbook has them; browsers send others, and so does CSV."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def says_the_same(before: Mapping[str, str] | None, said: Mapping[str, str]) -> bool:
    """Whether a row says of a record just what stands, so that there is nothing to ask of a verb."""
    return before is not None and all(before.get(name) == text for name, text in said.items())


def fate(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Fate:
    """What a row does that the verb took: the record as it stood and as it stands then, None when there is none."""
    if after is None:
        return Fate.GONE
    if before is None:
        return Fate.NEW
    return Fate.SAME if dict(before) == dict(after) else Fate.CHANGE
