"""How a Chinese line sounds, by the dictionary of pypinyin. What it misreads is set right by an everyday name."""

from __future__ import annotations

from functools import lru_cache

from portal.foundation.search.rules import Document, fold, han, sounds


@lru_cache(maxsize=4096)
def heard(line: str) -> str:
    """A folded line by its sounds (rules.sounds): 船舶登记 → 'chuan'bo'deng'ji'."""
    # Its dictionary takes most of a second to load, and most processes never ask.
    from pypinyin import lazy_pinyin

    spelled: list[str] = []
    run = ""
    for sign in f"{line} ":
        if han(sign):
            run += sign
            continue
        if run:
            read = lazy_pinyin(run)
            # A character without a sound comes back in one piece with its neighbours: then each for itself.
            spelled += read if len(read) == len(run) else [lazy_pinyin(each)[0] for each in run]
            run = ""
    return sounds(line, [_plain(each) for each in spelled])


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
