"""How a Chinese line sounds, by the dictionary of pypinyin. What it misreads is set right by an everyday name."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

from portal.foundation.search.rules import Document, fold, han, sounds


def heard(line: str) -> str:
    """A folded line by its sounds (rules.sounds): 船舶登记 → 'chuan'bo'deng'ji'."""
    runs = ("".join(signs) for chinese, signs in groupby(line, han) if chinese)
    return sounds(line, (syllable for run in runs for syllable in _spelled(run)))


@lru_cache(maxsize=16384)
def _spelled(run: str) -> tuple[str, ...]:
    """One syllable for each character of a Chinese run; many rows share the words that stand between brackets."""
    # Its dictionary takes most of a second to load, and most processes never ask.
    from pypinyin import lazy_pinyin

    read = lazy_pinyin(run)
    if len(read) != len(run):
        # Characters without a sound come back in one piece: then each is read for itself.
        read = [lazy_pinyin(each)[0] for each in run]
    return tuple(map(_plain, read))


def _plain(syllable: str) -> str:
    return syllable.replace("ü", "v").replace("ê", "e")


def document(name: str, others: tuple[str, ...]) -> Document:
    """What a row is found by: its name, and other lines (code, department, everyday names …); empty ones go."""
    folded = fold(name)
    lines = [line for line in map(fold, others) if line]
    return Document(
        name=folded,
        text="\n".join(lines),
        name_sounds=heard(folded),
        text_sounds="\n".join(filter(None, map(heard, lines))),
    )
