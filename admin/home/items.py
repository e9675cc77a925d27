"""Things that wait for somebody, in lots of one sort, and which of them stand on the first page. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

UNDATED = timedelta(days=7)
"""What has no last day stands behind whatever is due within so long, and before the rest."""


@dataclass(frozen=True)
class Act:
    """Something that takes no more than a click: a POST to the address with these values."""

    button: str
    address: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One thing: what is to be done, with what, where, and by which day; `act` where a click is enough."""

    what: str
    title: str
    address: str
    note: str = ""
    due_on: date | None = None
    act: Act | None = None


@dataclass(frozen=True)
class Lot:
    """Things of one sort: the first of them, how many there are in all, and where all of them stand."""

    name: str
    items: Sequence[Item]
    total: int
    address: str


def first_of(lots: Sequence[Lot], most: int, today: date) -> list[Item]:
    """At most `most` of the things, by their days.

    Each lot has its turn, so that a long one keeps no other off the page.
    """

    def day(item: Item) -> date:
        return item.due_on or today + UNDATED

    turns = [(turn, item) for lot in lots for turn, item in enumerate(lot.items)]
    turns.sort(key=lambda each: (each[0], day(each[1])))
    return sorted((item for _turn, item in turns[:most]), key=day)


def beyond(lots: Sequence[Lot], shown: Sequence[Item]) -> list[tuple[Lot, int]]:
    """The lots that are not shown whole, each with how many things of it are left out."""
    there = {id(item) for item in shown}
    left = [(lot, lot.total - sum(id(item) in there for item in lot.items)) for lot in lots]
    return [(lot, count) for lot, count in left if count > 0]
