"""What a file may be called. Pure."""

from __future__ import annotations

import unicodedata

LONGEST = 255
NAMELESS = "未命名"
TRIMMED = " .\u3000"
INVISIBLE = ("Cc", "Cf", "Cs")
"""Control and format signs; private-use ones stay, rare characters of names are among them."""


def clean_name(name: str) -> str:
    """The name as people may see and download it: Chinese stays, folders and invisible signs go.

    At most 255 characters, the ending kept; "未命名" when nothing is left. Invisible signs include those that
    turn the direction of writing: with them `清单<U+202E>xslx.exe` looks like a workbook.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in INVISIBLE).strip(TRIMMED)
    if not seen:
        return NAMELESS
    stem, dot, ending = seen.rpartition(".")
    if len(seen) <= LONGEST:
        return seen
    if dot and len(ending) < LONGEST // 2:
        return stem[: LONGEST - len(ending) - 1] + dot + ending
    return seen[:LONGEST].rstrip(TRIMMED)
