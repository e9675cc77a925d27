"""Codes of matters as cells hold them: as printed (M-1), but for what spreadsheets and columns do to them. Pure."""

from __future__ import annotations

import re
import unicodedata

from portal.powers.lists.annexes.printed import tight

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-_./()（）:]*")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_WHOLE = re.compile(r"[0-9A-Za-z]{9,}")
_NEAR = re.compile(r"37(?:\d{9,10}|\d{12})")
"""A Shandong code with one or two digits too few, or one too many."""

_NONE = re.compile(r"[\s/—\-－无暂]*")
_FLOAT = re.compile(r"(?<=\d{6})\.0$")


def read_code(printed: str) -> str:
    """The code in a cell, in plain digits: one broken over lines is one; two whole codes stay parted by a blank.

    An apostrophe (Excel's mark for text), the .0 of a number, and signs that say there is none are left out.
    """
    if printed.isalnum() and printed.isascii():
        return printed
    folded = unicodedata.normalize("NFKC", printed).strip().removeprefix("'")
    if _NONE.fullmatch(folded):
        return ""
    pieces = folded.split()
    if len(pieces) > 1 and all(map(_WHOLE.fullmatch, pieces)):
        return " ".join(pieces)
    return _FLOAT.sub("", tight(folded))


def is_odd(code: str) -> bool:
    """Whether a text is no code, one that a spreadsheet has rounded, or a Shandong code that lost a digit."""
    if code.startswith("="):
        return False  # a formula, which is reported as one
    return not _CODE.fullmatch(code) or any(form.fullmatch(code) for form in (_SCIENTIFIC, _NEAR))
