"""Which places a few characters mean: by name, code, pinyin or initials. Pure but for the pinyin dictionary."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

LEAST = 2
"""A name of fewer characters is not looked for inside what was written: 莘 would be found in too much."""

INSIDE = 3
"""The rank of a place whose name stands inside what was written."""

Readings = tuple[tuple[str, ...], ...]


def fold(text: str) -> str:
    """The form in which names are compared: no spaces, no signs without a picture, no full-width forms, lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Cf")


@lru_cache(maxsize=8192)
def readings(name: str) -> Readings:
    """Every reading of each character of a name, without tones: 单县 → ((dan, chan, shan), (xian)).

    A place's own reading is often the rare one (单县 is Shan), so all are kept. ü is written both v and u.
    """
    # Its dictionary takes most of a second to load, and most processes never ask.
    from pypinyin import Style, pinyin

    said = pinyin(name, style=Style.NORMAL, heteronym=True)
    return tuple(tuple(dict.fromkeys((*each, *(one.replace("v", "u") for one in each)))) for each in said)


def spells(query: str, name: Readings) -> bool:
    """Whether letters spell a part of a name: initials, whole syllables, or both mixed; the last may be begun."""

    @cache
    def from_here(rest: str, at: int) -> bool:
        if not rest:
            return True
        if at == len(name):
            return False
        return any(
            rest == reading[: len(rest)]
            or any(
                rest.startswith(part) and from_here(rest[len(part) :], at + 1)
                for part in (reading[:1], reading)
            )
            for reading in name[at]
        )

    return any(from_here(query, start) for start in range(len(name)))


def rank(query: str, names: Sequence[str], code: str) -> int | None:
    """How well a folded query means a place, 0 the best; None when it does not mean it.

    `names` are the place's names, the Chinese one first, the others in languages of the pages.
    """
    folded = [fold(name) for name in names]
    if query in (*folded, code.casefold()):
        return 0
    if any(name.startswith(query) for name in folded):
        return 1
    if any(query in name for name in folded):
        return 2
    # Somebody who writes a whole address means the smallest place in it: 济宁市微山县夏镇.
    if any(len(name) >= LEAST and name in query for name in folded):
        return INSIDE
    if query.isascii() and query.isalpha() and spells(query, readings(folded[0])):
        return INSIDE + 1
    return None
