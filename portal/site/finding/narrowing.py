"""From a cube and choices to the rows that meet them and the counts beside every choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.powers.lists.cube.rules import Cube, Facet, Members, gathered
from portal.powers.lists.rules import Mode

Chosen = Mapping[Facet, frozenset[str]]

ELSEWHERE = frozenset({Mode.UNDELEGATED.value, Mode.UNDETERMINED.value})
"""The answers by which a place handles nothing, or nobody knows yet (D-2)."""


@dataclass(frozen=True)
class Narrowed:
    """The rows that meet every choice, and how many would, were a choice made: by group and value.

    `others` are the rows that meet every choice but that of the mode.
    """

    rows: int
    counts: Mapping[Facet, Mapping[str, int]]
    others: int


def narrow(cube: Cube, groups: tuple[Facet, ...], chosen: Chosen, base: int) -> Narrowed:
    """Narrow the rows of `base` by the choices.

    A group's counts follow from the other groups: they say what would be shown if the choice were made.
    """
    masks = {group: united(cube.of(group), chosen[group]) for group in groups if group in chosen}

    def without(group: Facet | None) -> int:
        kept = base
        for other, mask in masks.items():
            if other is not group:
                kept &= mask
        return kept

    counts = {group: _counts(cube.of(group), without(group), cube.all) for group in groups}
    return Narrowed(without(None), counts, without(Facet.MODE))


def united(sets: Mapping[str, Members], values: frozenset[str]) -> int:
    """The rows that have one of the values; a value that is not there has none."""
    found = 0
    for value in values:
        if value in sets:
            found |= sets[value].bits
    return found


def _counts(sets: Mapping[str, Members], kept: int, everything: int) -> dict[str, int]:
    """How many rows of each value are kept. Without narrowing the amounts say so, and no bits are needed."""
    if kept == everything:
        return {value: members.amount for value, members in sets.items()}
    return {value: (members.bits & kept).bit_count() for value, members in sets.items()}


def moved(modes: Mapping[str, Members], choices: Mapping[int, Mode]) -> dict[str, Members]:
    """A place's answers once its own choices (row → mode) take the place of what the list leaves open (D-2).

    A choice may outlast the list's leaving anything open: then the list's answers stand.
    """
    if Mode.UNDETERMINED.value not in modes:
        return dict(modes)
    bits = {value: members.bits for value, members in modes.items()}
    left_open = bits[Mode.UNDETERMINED.value]
    for mode in set(choices.values()) - {Mode.UNDETERMINED}:
        rows = [row for row, chosen in choices.items() if chosen is mode]
        taken = gathered(rows, max(rows)) & left_open
        bits[Mode.UNDETERMINED.value] &= ~taken
        bits[mode.value] = bits.get(mode.value, 0) | taken
    return {value: Members(kept.bit_count(), kept) for value, kept in bits.items() if kept}


def handled(modes: Mapping[str, Members], chosen: Chosen, kept: int, everything: int) -> int:
    """How many of the kept rows a place handles, wholly or in part; of the modes chosen if any are."""
    wanted = chosen.get(Facet.MODE, frozenset(modes)) - ELSEWHERE
    if kept == everything:
        return sum(modes[mode].amount for mode in wanted if mode in modes)
    return (united(modes, wanted) & kept).bit_count()
