"""Rows in an order, of which a page is taken without going through those before it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from portal.powers.lists.cube.rules import only, rank, stretch


class Sorted(Protocol):
    """Rows in some order."""

    @property
    def total(self) -> int:
        """How many there are."""

    def take(self, start: int, count: int) -> Sequence[int]:
        """Up to `count` rows from the one with `start` rows before it."""

    def before(self, row: int) -> int | None:
        """How many rows come before a row, which need not be one of them; None when its place is not known."""

    def through(self, row: int) -> int | None:
        """The same with the row itself."""


@dataclass(frozen=True)
class InListOrder:
    """A set of rows in the list's own order."""

    bits: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.bits.bit_count()

    def take(self, start: int, count: int) -> Sequence[int]:
        """Up to `count` rows from the one with `start` rows before it."""
        return stretch(self.bits, start, count)

    def before(self, row: int) -> int | None:
        """How many rows of the set come before a row."""
        return rank(self.bits, row)

    def through(self, row: int) -> int | None:
        """The same with the row itself."""
        return rank(self.bits, row + 1)


@dataclass(frozen=True)
class InOrder:
    """Those rows of an order that are in a set; the order has every row of the set once."""

    order: Sequence[int]
    bits: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.bits.bit_count()

    def take(self, start: int, count: int) -> Sequence[int]:
        """Up to `count` rows from the one with `start` rows before it."""
        if self.total == len(self.order):
            return self.order[start : start + count]
        return list(islice(only(self.order, self.bits), start, start + count))

    def before(self, row: int) -> int | None:
        """How many rows come before a row of the order; None for a row that the order does not have."""
        return self._up_to(row, 0)

    def through(self, row: int) -> int | None:
        """The same with the row itself."""
        return self._up_to(row, 1)

    def _up_to(self, row: int, more: int) -> int | None:
        try:
            place = self.order.index(row)
        except ValueError:
            return None
        return sum(1 for _row in only(self.order[: place + more], self.bits))
