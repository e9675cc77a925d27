"""The search index of a long made-up list, a real name cut once and its numbers added to it.

`（12类）` behind a name and `-12` behind a code say nothing new of what stands before them: a token is a piece of at
most four signs, so only the last three before the number matter. For a row in every thousand it is compared with what
publishing itself would write. Used by long_list.py.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from portal.foundation.search.rules import LONG, MARK, Document, Kind, fold, tokens, units
from portal.foundation.search.service import Entry, Writing
from portal.foundation.search.spelling import document, heard

NUMBERED = re.compile(r"(.+)(（\d+类）)")
COMPARED = 1009
"""Of so many rows one is also cut as publishing does it."""


class Numbered(Writing):
    """Writes rows that are real names with a number behind them."""

    def cut(self, entry: Entry) -> tuple[Document, Collection[str]]:
        """What publishing would make of the row; SystemExit when it would make something else."""
        parted = NUMBERED.fullmatch(entry.name)
        code, dash, turn = entry.others[0].rpartition("-")
        if parted is None or not dash:
            return super().cut(entry)
        name, suffix = parted.groups()
        made = _numbered(name, suffix, code, dash + turn, entry.others[1])
        if entry.record_id % COMPARED == 0:
            found, own = super().cut(entry)
            if made != (found, set(own)):
                raise SystemExit(f"{entry} is indexed otherwise than by publishing")
        return made


def _numbered(name: str, suffix: str, code: str, turn: str, department: str) -> tuple[Document, set[str]]:
    base, own = _base(name, code, department)
    last, sound = _suffix(suffix)
    code, rest = base.text.split("\n", 1)
    found = Document(
        name=base.name + last,
        text=f"{code}{turn}\n{rest}",
        name_sounds=base.name_sounds + sound[len(MARK) :],
        text_sounds=base.text_sounds,
    )
    near = MARK + "".join(unit + MARK for unit in units(base.name_sounds)[1 - LONG :])
    end = Document(
        name=base.name[1 - LONG :] + last,
        text=code[1 - LONG :] + turn,
        name_sounds=near + sound[len(MARK) :],
        text_sounds="",
    )
    return found, own.union(each for each in tokens(end) if each[0] != Kind.OPENING)


@lru_cache(maxsize=4096)
def _base(name: str, code: str, department: str) -> tuple[Document, set[str]]:
    found = document(name, (code, department))
    return found, tokens(found)


@lru_cache(maxsize=4096)
def _suffix(suffix: str) -> tuple[str, str]:
    folded = fold(suffix)
    return folded, heard(folded)
