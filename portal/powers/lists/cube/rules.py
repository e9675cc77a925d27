"""Sets of rows as bits, and how a revision's rows are gathered into them. Pure.

A row is named by its offset, from 0 in the list's own order. A set is an integer with the bit of each of its rows.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Facet(StrEnum):
    """What rows are told apart by; each row has one value of each."""

    MODE = "mode"
    """The usual mode, or the answer at a place."""
    TYPE = "type"
    DEPARTMENT = "department"
    STATUS = "status"
    UNEVEN = "uneven"
    """The rows that some place answers otherwise than usual; the value is always the empty one."""


class Order(StrEnum):
    """What rows can be sorted by; what is equal stays in the list's own order."""

    LIST = "list"
    NAME = "name"
    DEPARTMENT = "department"
    TYPE = "type"
    CODE = "code"


@dataclass(frozen=True)
class Key:
    """One set of a cube: a facet's value, for the answers the place's key as well."""

    facet: Facet
    value: str
    place_id: int | None = None


@dataclass(frozen=True)
class Counted:
    """As much of a row as is gathered; `answers` are mode values by place id."""

    name: str
    code: str
    department: str
    type: str
    status: str
    mode: str
    mode_label: str
    answers: Mapping[int, str] = field(default_factory=dict)


class Gathering:
    """The sets and orders of a revision while its rows go by in the list's order.

    `spell` gives a name's pinyin for sorting, e.g. "qi ye".
    """

    def __init__(self, spell: Callable[[str], str]) -> None:
        self.size = 0
        self.spell = spell
        self._sets: dict[Key, bytearray] = {}
        self._labels: dict[str, Counter[str]] = {}
        self._sorted: dict[Order, list[tuple[str, ...]]] = {each: [] for each in Order if each != Order.LIST}

    def add(self, row: Counted) -> None:
        """The next row."""
        self._mark(Key(Facet.MODE, row.mode))
        self._mark(Key(Facet.TYPE, row.type))
        self._mark(Key(Facet.DEPARTMENT, row.department))
        self._mark(Key(Facet.STATUS, row.status))
        for place_id, mode in row.answers.items():
            self._mark(Key(Facet.MODE, mode, place_id))
        if any(mode != row.mode for mode in row.answers.values()):
            self._mark(Key(Facet.UNEVEN, ""))
        if row.mode_label:
            self._labels.setdefault(row.mode, Counter())[row.mode_label] += 1
        # What has no department or code comes last.
        self._sorted[Order.NAME].append((self.spell(row.name), row.name))
        self._sorted[Order.DEPARTMENT].append(
            ("" if row.department else "~", self.spell(row.department), row.department)
        )
        self._sorted[Order.TYPE].append((row.type,))
        self._sorted[Order.CODE].append(("" if row.code else "~", row.code))
        self.size += 1

    def _mark(self, key: Key) -> None:
        held = self._sets.setdefault(key, bytearray())
        byte, bit = divmod(self.size, 8)
        if len(held) <= byte:
            held.extend(bytes(byte + 1 - len(held)))
        held[byte] |= 1 << bit

    def sets(self) -> Iterator[tuple[Key, int]]:
        """Every set that is not empty, with its bits."""
        for key, held in self._sets.items():
            yield key, unpacked(bytes(held))

    def label(self, mode: str) -> str:
        """How most rows of a usual mode print it, the first where several are equal; empty for none."""
        printed = self._labels.get(mode)
        return printed.most_common(1)[0][0] if printed else ""

    def orders(self) -> Iterator[tuple[Order, Sequence[int]]]:
        """For every order but the list's own the rows in it."""
        for order, keys in self._sorted.items():
            yield order, sorted(range(self.size), key=keys.__getitem__)


def packed(bits: int) -> bytes:
    """A set as it is stored: the lowest row in the lowest bit of the first byte, no empty bytes at the end."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def unpacked(stored: bytes) -> int:
    """What `packed` was given."""
    return int.from_bytes(stored, "little")


def packed_rows(rows: Iterable[int]) -> bytes:
    """Rows in an order as they are stored: four bytes each, the lowest first."""
    return _four_bytes(array("I", rows)).tobytes()


def unpacked_rows(stored: bytes) -> Sequence[int]:
    """What `packed_rows` was given."""
    rows = array("I")
    rows.frombytes(stored)
    return _four_bytes(rows)


def _four_bytes(rows: array[int]) -> array[int]:
    if sys.byteorder == "big":
        rows.byteswap()
    return rows


def everything(size: int) -> int:
    """The set of all rows."""
    return (1 << size) - 1


def gathered(rows: Iterable[int], size: int) -> int:
    """The set of some rows of a list of so many."""
    held = bytearray(size // 8 + 1)
    for row in rows:
        held[row >> 3] |= 1 << (row & 7)
    return unpacked(bytes(held))


def rank(bits: int, row: int) -> int:
    """How many rows of a set come before a row."""
    return (bits & ((1 << row) - 1)).bit_count()


def stretch(bits: int, start: int, count: int) -> list[int]:
    """Up to `count` rows of a set in the list's order, from the one with `start` rows of the set before it."""
    if start >= bits.bit_count():
        return []
    low, high = 0, bits.bit_length() - 1
    while low < high:
        middle = (low + high) // 2
        if rank(bits, middle + 1) > start:
            high = middle
        else:
            low = middle + 1
    signs = bin(bits >> low)[:1:-1]
    found: list[int] = []
    at = signs.find("1")
    while at >= 0 and len(found) < count:
        found.append(low + at)
        at = signs.find("1", at + 1)
    return found


def only(rows: Iterable[int], bits: int) -> Iterator[int]:
    """The rows of an order that are in a set, in that order; gone through as far as they are taken."""
    signs = bin(bits)[:1:-1]
    size = len(signs)
    return (row for row in rows if row < size and signs[row] == "1")


@dataclass(frozen=True)
class Members:
    """How many rows have a value, and which; `bits` is 0 while only the amounts were read."""

    amount: int
    bits: int = 0


@dataclass(frozen=True)
class Cube:
    """The sets of a revision as they are seen from one place, or from none."""

    size: int
    sets: Mapping[Facet, Mapping[str, Members]]

    @property
    def all(self) -> int:
        """The set of all rows."""
        return everything(self.size)

    def of(self, facet: Facet) -> Mapping[str, Members]:
        """The sets of a facet by value."""
        return self.sets.get(facet, {})

    def with_modes(self, modes: Mapping[str, Members]) -> Cube:
        """The same with other answers."""
        return replace(self, sets={**self.sets, Facet.MODE: modes})
