"""A place named in what is looked for: 微山县 备案 asks for 备案 at 微山县. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from portal.foundation.search.rules import fold

KINDS = ("自治县", "街道", "新区", "市", "县", "区", "镇", "乡")
"""Endings that people leave out."""
SHORTEST = 2
AROUND = re.compile(r"^[在到于,，的]+|[在到于,，的]+$")
"""What ties a place's name to the rest."""


class Named(Protocol):
    """As much of a place as is needed."""

    @property
    def name(self) -> str:
        """Its name."""


Place = TypeVar("Place", bound=Named)


def placed(query: str, places: Sequence[Place]) -> tuple[Place, str] | None:
    """The place that a query names, and what is left to look for; None without a place, or when nothing is left.

    A whole name may stand anywhere, a short one (微山 for 微山县) as a word of its own or at the beginning. The
    longest name is meant where several are there.
    """
    words = [fold(word) for word in query.split()]
    for name, place in _names(places, short=False):
        for at, word in enumerate(words):
            if name in word:
                left = [*words[:at], *map(_bare, word.split(name, 1)), *words[at + 1 :]]
                return _left(place, left)
    for name, place in _names(places, short=True):
        for at, word in enumerate(words):
            if word == name or (at == 0 and word.startswith(name)):
                return _left(place, [*words[:at], _bare(word.removeprefix(name)), *words[at + 1 :]])
    return None


def _left(place: Place, words: Iterable[str]) -> tuple[Place, str] | None:
    rest = " ".join(filter(None, words))
    return (place, rest) if rest else None


def _names(places: Sequence[Place], *, short: bool) -> list[tuple[str, Place]]:
    found = []
    for place in places:
        name = fold(place.name)
        if short:
            ending = next((kind for kind in KINDS if name.endswith(kind)), "")
            name = name.removesuffix(ending) if ending else ""
        if len(name) >= SHORTEST:
            found.append((name, place))
    return sorted(found, key=lambda each: -len(each[0]))


def _bare(word: str) -> str:
    return AROUND.sub("", word)
