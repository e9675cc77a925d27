"""A query as words, each with the ways in which a row may hold it, and how good a hit a row is. Pure.

A way is an AND of tokens that every row holding the word so has; the rows that have them are then checked by their
text. Levels say what comes first: names before other lines, letters before sounds, and what forgives at the end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Protocol

from portal.foundation.search.pinyin.rules import (
    FORGIVING,
    Reading,
    asked_pairs,
    full_readings,
    near_pairs,
    near_readings,
    plain_letters,
    short_readings,
    slips,
)
from portal.foundation.search.rules import MARK, OPENINGS, Kind, cover, fold, han, pairs, token, units

MOST_WORDS = 8
LONGEST = 100
"""Characters of a query that are read; names are shorter."""


class Level(IntEnum):
    """How a row holds what was asked for, the best first."""

    OPENING = 0
    NAME = 1
    TEXT = 2
    SOUND = 3
    INITIALS = 4
    TEXT_SOUND = 5
    NEAR = 6


class Held(Protocol):
    """As much of a row as is checked (rules.Document, or a row of the index)."""

    @property
    def name(self) -> str:
        """The folded name."""

    @property
    def text(self) -> str:
        """The other lines, folded."""

    @property
    def name_sounds(self) -> str:
        """The name's sounds."""

    @property
    def text_sounds(self) -> str:
        """The other lines' sounds."""


@dataclass(frozen=True)
class Way:
    """One way to hold a word: all of the tokens, and in that column something LIKE the pattern."""

    level: Level
    tokens: tuple[str, ...]
    column: str
    pattern: str
    reading: Reading | None = None


@dataclass(frozen=True)
class Word:
    """A folded word with the ways to hold it, the best first."""

    text: str
    ways: tuple[Way, ...]

    def held(self, row: Held) -> Way | None:
        """The best way in which a row holds it."""
        return next((way for way in self.ways if _holds(way, self.text, row)), None)


@dataclass(frozen=True)
class Tier:
    """The rows of one level: each word by any of its ways; AND of ORs of ANDs of tokens."""

    level: Level
    words: tuple[tuple[Way, ...], ...]


def split(query: str) -> tuple[str, ...]:
    """The words of a query, folded; words are parted by white space.

    Signs without a picture (joiners, marks of direction, of the order of bytes) come along when something is
    copied, and nobody looks for them.
    """
    plain = unicodedata.normalize("NFKC", query[:LONGEST])
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return tuple(dict.fromkeys(filter(None, map(fold, plain.split()))))[:MOST_WORDS]


def split_scripts(words: Sequence[str]) -> tuple[str, ...]:
    """Words in two scripts cut where the script changes: 企业beian → 企业, beian."""
    found: list[str] = []
    for word in words:
        letters = any(sign.isascii() and sign.isalpha() for sign in word)
        if letters and any(map(han, word)):
            found += ["".join(run) for _han, run in groupby(word, han)]
        else:
            found.append(word)
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


def needed_pairs(words: Sequence[str]) -> set[str]:
    """The pairs of syllables to look up before the words can be read as pinyin."""
    return {pair for word in words for pair in asked_pairs(plain_letters(word))}


def needed_near_pairs(words: Sequence[str]) -> set[str]:
    """The same for words with one wrong letter."""
    found: set[str] = set()
    for letters in filter(None, map(plain_letters, words)):
        if len(letters) >= FORGIVING:
            found |= near_pairs(letters, slips(letters))
    return found


def read(words: Sequence[str], known: Collection[str]) -> list[Word]:
    """The words with all their ways but the forgiving ones, `known` being the pairs that occur."""
    return [Word(word, (*_literal(word), *_spoken(word, known))) for word in words]


def read_near(words: Sequence[str], known: Collection[str]) -> list[Word]:
    """The words with the forgiving ways added at the end."""
    return [Word(each.text, (*each.ways, *_near(each.text, known))) for each in read(words, known)]


def tiers(words: Sequence[Word], *, near: bool = False) -> Iterator[Tier]:
    """What to look for in turn; each tier may find rows of an earlier one again, which `level` tells.

    With `near` only the last one, which forgives.
    """
    if near:
        if any(way.level is Level.NEAR for word in words for way in word.ways):
            yield Tier(Level.NEAR, tuple(word.ways for word in words))
        return
    if len(words) == 1:
        for level in Level:
            ways = tuple(way for way in words[0].ways if way.level is level)
            if ways:
                yield Tier(level, (ways,))
        return
    named = tuple(tuple(way for way in word.ways if way.level is Level.NAME) for word in words)
    yield Tier(Level.OPENING, ((words[0].ways[0],), *named[1:]))
    yield Tier(Level.NAME, named)
    yield Tier(Level.TEXT, tuple(word.ways for word in words))


def level(row: Held, words: Sequence[Word]) -> Level | None:
    """How good a hit a row is; None for none. Several words are as good as all of them are."""
    found = [word.held(row) for word in words]
    levels = [way.level for way in found if way]
    if len(levels) < len(words):
        return None
    worst = max(levels)
    if len(words) == 1 or worst is Level.NEAR:
        return worst
    return Level.TEXT if worst > Level.NAME else levels[0]


def _holds(way: Way, word: str, row: Held) -> bool:
    line = getattr(row, way.column)
    if way.reading:
        return any(way.reading.find(units(each)) >= 0 for each in line.split("\n") if each)
    if way.level is Level.OPENING:
        return bool(line.startswith(word))
    return word in line


def _literal(word: str) -> tuple[Way, ...]:
    inside = tuple(token(Kind.NAME, piece) for piece in cover(word))
    first = token(Kind.OPENING, word[: max(size for size in OPENINGS if size <= len(word))])
    plain = _escaped(word)
    elsewhere = tuple(token(Kind.TEXT, piece) for piece in cover(word))
    return (
        Way(Level.OPENING, (first, *inside), "name", f"{plain}%"),
        Way(Level.NAME, inside, "name", f"%{plain}%"),
        Way(Level.TEXT, elsewhere, "text", f"%{plain}%"),
    )


def _spoken(word: str, known: Collection[str]) -> list[Way]:
    letters = plain_letters(word)
    if not letters:
        return []
    full, short = full_readings(letters, known), short_readings(letters, known)
    ways = [_way(Level.SOUND, reading) for reading in full]
    ways += [_way(Level.INITIALS, reading) for reading in short]
    return ways + [_way(Level.TEXT_SOUND, reading) for reading in (*full, *short)]


def _near(word: str, known: Collection[str]) -> list[Way]:
    letters = plain_letters(word)
    if len(letters) < FORGIVING:
        return []
    readings = near_readings(letters, slips(letters), known)
    return [
        way
        for reading in readings
        for way in (_way(Level.NEAR, reading), _way(Level.NEAR, reading, elsewhere=True))
    ]


def _way(level: Level, reading: Reading, *, elsewhere: bool = False) -> Way:
    elsewhere = elsewhere or level is Level.TEXT_SOUND
    one, two, firsts = (
        (Kind.TEXT_SYLLABLE, Kind.TEXT_SYLLABLES, Kind.TEXT_INITIALS)
        if elsewhere
        else (Kind.NAME_SYLLABLE, Kind.NAME_SYLLABLES, Kind.NAME_INITIALS)
    )
    found = [token(two, pair) for pair in pairs(reading.full)]
    if len(reading.full) == 1:
        found = [token(one, reading.full[0])]
    if reading.head or reading.tail:
        found += [token(firsts, piece) for piece in cover(reading.firsts)]
    syllables = [*(f"{letter}%" for letter in reading.head), *reading.full]
    syllables += [f"{letter}%" for letter in reading.tail]
    pattern = f"%{MARK}{MARK.join(syllables)}{MARK}%"
    column = "text_sounds" if elsewhere else "name_sounds"
    return Way(level, tuple(dict.fromkeys(found)), column, pattern, reading)


def _escaped(word: str) -> str:
    for special in ("\\", "%", "_"):
        word = word.replace(special, "\\" + special)
    return word
