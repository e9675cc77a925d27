"""The text that a published matter is found by: name, code, department, parts, everyday names, pinyin.

Finding is by substring of the folded text, from one character on, the same on both databases.
"""

from __future__ import annotations

from functools import lru_cache

from portal.powers.lists.snapshot import Row
from portal.powers.matters.rules import fold_name

SEPARATOR = "\n"


def search_text(row: Row) -> str:
    """Everything that the row is found by, one name a line, so that a query never matches across two names."""
    names = [row.name, *row.sub_items, *row.everyday_names]
    lines = [*names, row.code, row.department]
    spelled = [sound for name in (*names, row.department) for sound in spellings(name)]
    return SEPARATOR.join(fold_name(line) for line in (*lines, *spelled) if line)


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, str]:
    """A name's initials and its full pinyin without tones: 船舶登记 → cbdj, chuanbodengji."""
    # Its dictionary takes most of a second to load, and most processes never ask.
    from pypinyin import Style, lazy_pinyin

    folded = fold_name(name)
    return (
        "".join(lazy_pinyin(folded, style=Style.FIRST_LETTER)),
        "".join(lazy_pinyin(folded)),
    )


def like_pattern(query: str) -> str:
    r"""The LIKE pattern (escape character \) that finds a query as typed, folded like the text."""
    folded = fold_name(query)
    for special in ("\\", "%", "_"):
        folded = folded.replace(special, "\\" + special)
    return f"%{folded}%"
