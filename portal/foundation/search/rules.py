"""How a text is cut for search: folding, pieces, sounds and tokens. Pure.

A token says in its first letter what it is a piece of (`Kind`); behind it stand letters and digits alone, so that
no database cuts it further. That two pieces may become one token does no harm: every row found is checked by its
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

LONG = 4
"""Latin letters and digits are also cut into pieces of so many: pairs alone say little in codes and initials."""
OPENINGS = (1, 2, LONG)
BLOCK = 1024
"""Rows that stand together; in a long scope it is known by block where a token occurs."""
SHORT = 1000
"""A scope of no more rows is short: nothing is kept of its tokens but with the rows."""
MARK = "'"
"""Stands before each syllable and at the end of a line of sounds: 'bei'an'."""
LATIN = re.compile(rf"[0-9A-Za-z]{{{LONG},}}")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Kind(StrEnum):
    """What a token is a piece of; the name of a row, or what else it is found by."""

    NAME = "a"
    NAME_SYLLABLE = "b"
    NAME_SYLLABLES = "c"
    NAME_INITIALS = "d"
    TEXT = "e"
    TEXT_SYLLABLE = "f"
    TEXT_SYLLABLES = "g"
    TEXT_INITIALS = "h"
    OPENING = "z"


@dataclass(frozen=True)
class Document:
    """What one row is found by, folded: its name, other lines, and the sounds of both (`sounds`)."""

    name: str
    text: str
    name_sounds: str
    text_sounds: str


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The form in which texts are compared (M-4): no line breaks, spaces, capitals or full-width forms."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(folded.split())


def latin(text: str) -> bool:
    """Whether a text is plain letters and digits alone."""
    return text.isascii() and text.isalnum()


def han(sign: str) -> bool:
    """Whether a character is a Chinese one, which has a sound."""
    return "\u3400" <= sign <= "\u9fff" or sign == "〇" or sign >= "\U00020000"


def sounds(line: str, spelled: Iterable[str]) -> str:
    """A folded line by its sounds: 企业A级 with qi, ye, ji → 'qi'ye'a'ji'. Empty for a line without Chinese.

    `spelled` gives one syllable for each Chinese character; letters and digits stand for themselves.
    """
    if not any(map(han, line)):
        return ""
    syllables = iter(spelled)
    units = [next(syllables, "") if han(sign) else sign for sign in line if han(sign) or latin(sign)]
    return MARK + "".join(unit + MARK for unit in units)


def units(line: str) -> list[str]:
    """The syllables of one line of sounds."""
    return line.strip(MARK).split(MARK) if line else []


def initials(heard: Iterable[str]) -> str:
    """The first letters of syllables."""
    return "".join(unit[:1] for unit in heard)


def pieces(line: str) -> Iterator[str]:
    """Every character and pair of a line, and every four letters or digits that stand together."""
    yield from line
    yield from map("".join, pairwise(line))
    for run in LATIN.findall(line):
        yield from (run[at : at + LONG] for at in range(len(run) - LONG + 1))


def cover(word: str) -> list[str]:
    """As few pieces as say that a line holds the word: every line that does has all of them."""
    if len(word) == 1:
        return [word]
    fours = [at for at in range(len(word) - LONG + 1) if latin(word[at : at + LONG])]
    covered = {start for at in fours for start in range(at, at + LONG - 1)}
    found = [word[at : at + LONG] for at in fours]
    found += [word[at : at + 2] for at in range(len(word) - 1) if at not in covered]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def spell(piece: str) -> str:
    """A piece as letters and digits: 备案 → hl3jw8. Letters and digits stay."""
    return "".join(sign if latin(sign) else _number(ord(sign)) for sign in piece)


def _number(value: int) -> str:
    signs = ""
    while value:
        value, rest = divmod(value, len(DIGITS))
        signs = DIGITS[rest] + signs
    return signs.rjust(3, "0")


def token(kind: Kind, piece: str) -> str:
    """A piece as a token, still without its scope."""
    return kind.value + spell(piece)


def scoped(scope: int, bare: str) -> str:
    """A token of one scope; postings of other scopes are then never read."""
    return f"{scope}{bare}"


def tokens(document: Document) -> set[str]:
    """Every token of a row, without its scope."""
    found = {token(Kind.OPENING, document.name[:size]) for size in OPENINGS if len(document.name) >= size}
    found.update(_of(Kind.NAME, pieces(document.name)))
    for line in document.text.split("\n"):
        found.update(_of(Kind.TEXT, pieces(line)))
    found.update(_heard(document.name_sounds, Kind.NAME_SYLLABLE, Kind.NAME_SYLLABLES, Kind.NAME_INITIALS))
    for line in document.text_sounds.split("\n"):
        found.update(_heard(line, Kind.TEXT_SYLLABLE, Kind.TEXT_SYLLABLES, Kind.TEXT_INITIALS))
    return found


def _of(kind: Kind, parts: Iterable[str]) -> list[str]:
    """Pieces as tokens of one kind; a publishing makes millions, so the letter is asked for once."""
    letter = kind.value
    return [letter + spell(part) for part in set(parts)]


def _heard(line: str, one: Kind, two: Kind, firsts: Kind) -> list[str]:
    heard = units(line)
    if not heard:
        return []
    return [
        *_of(one, heard),
        *_of(two, pairs(heard)),
        *_of(firsts, pieces(initials(heard))),
    ]


def pairs(heard: list[str] | tuple[str, ...]) -> list[str]:
    """Syllables that stand together, written as one."""
    return [first + second for first, second in pairwise(heard)]
