"""What a file may be called, and what may be kept at all. Pure."""

from __future__ import annotations

import re
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


_PROGRAMS = (
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
)
_WINDOWS, _HEAD_OF_IT = b"MZ", 64
_PAGE = re.compile(
    rb"\s*(<\?xml[^>]{0,200}\?>\s*)?((<!--.{0,2000}?-->|<!doctype\s+(?!html)[^>]{0,500}>)\s*)*"
    rb"<\s*(!doctype\s+html|html|head|body|script|style|svg|iframe|object|embed|title|meta|table|div)\b|\s*mime-version:",
    re.IGNORECASE | re.DOTALL,
)
LOOKED_AT = 4096


def harmful(head: bytes) -> bool:
    """Whether a content that begins so is a program or a page with scripts: nothing that a paper is, whatever its name.

    Told by the first LOOKED_AT bytes; pages in UTF-16 are told as well.
    """
    head = head[:LOOKED_AT]
    if head.startswith(_PROGRAMS) or (head.startswith(_WINDOWS) and b"\0" in head[:_HEAD_OF_IT]):
        return True
    return _PAGE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")) is not None
