"""Where in a line the words of a query stand, as they are written or as they sound. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.foundation.search.asking.rules import Word
from portal.foundation.search.rules import Document, fold, han, latin, units

Span = tuple[int, int]
"""The first character and the one behind the last."""


def spans(line: str, words: Sequence[Word], heard: str) -> list[Span]:
    """The parts of a line, as printed, that hold one of the words; in order, none touching another.

    `heard` is the line by its sounds (rules.sounds). What is written goes before what only sounds so.
    """
    folded, origin = _folded(line)
    if folded != fold(line):
        # Signs that belong together were printed apart, so places in the two do not answer each other.
        return []
    found: list[Span] = []
    for word in words:
        found += _written(folded, word.text) or _heard(folded, word, units(heard))
    return _joined([(origin[start], origin[end - 1] + 1) for start, end in found])


def sounds_by_line(document: Document) -> Mapping[str, str]:
    """The sounds of each folded line of a row."""
    lines = [line for line in document.text.split("\n") if any(map(han, line))]
    heard = dict(zip(lines, document.text_sounds.split("\n"), strict=False))
    return {**heard, document.name: document.name_sounds}


def _folded(line: str) -> tuple[str, list[int]]:
    """The line folded sign by sign, and for each sign of that the one it comes from."""
    text, origin = "", []
    for at, sign in enumerate(line):
        plain = fold(sign)
        text += plain
        origin += [at] * len(plain)
    return text, origin


def _written(folded: str, word: str) -> list[Span]:
    found = []
    at = folded.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = folded.find(word, at + len(word))
    return found


def _heard(folded: str, word: Word, heard: Sequence[str]) -> list[Span]:
    """The best reading of a word alone: weaker ones would mark what nobody meant."""
    places = [at for at, sign in enumerate(folded) if han(sign) or latin(sign)]
    for way in word.ways:
        start = way.reading.find(heard) if way.reading else -1
        if way.reading and start >= 0:
            return [(places[start], places[start + len(way.reading.firsts) - 1] + 1)]
    return []


def _joined(found: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
