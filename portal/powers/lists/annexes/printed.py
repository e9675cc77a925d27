"""Printed text tidied for reading: white space, Chinese numerals, sequence numbers. Pure."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_UNTIDY = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]")
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’《》、。—…]"
_BESIDE_WIDE = re.compile(rf"(?<={_WIDE}) | (?={_WIDE})")
_SEQUENCE = re.compile(r"[(\[]?(\d{1,6})[)\].、,]*")
_CHINESE_NUMBER = re.compile(
    "[一二三四五六七八九十]{1,3}|[一二三四五六七八九]?百[零一二三四五六七八九十]{0,4}"
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = r"(?:[0-9０-９]{1,7}|[零〇一二两三四五六七八九十百千]{1,9})"
"""A pattern for a count, in digits or in Chinese numerals."""


def tidy(text: str) -> str:
    """A cell's text on one line: no invisible characters, no white space beside Chinese, single blanks else.

    A line break inside a cell is only where the column was too narrow (市住房城乡⏎建设局), so it goes.
    """
    if text.isalnum() or not _UNTIDY.search(text):
        return text
    return _BESIDE_WIDE.sub("", " ".join(text.translate(_INVISIBLE).split()))


def tight(text: str) -> str:
    """The text without any white space or invisible characters."""
    return text if text.isalnum() else _UNTIDY.sub("", text)


def number(text: str) -> int:
    """The count that NUMERAL matched: 61, ６１, 六十一."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isdecimal():
        return int(plain)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def sequence(text: str) -> int | str | None:
    """A sequence number as an integer (3, 3.0, ３、, (3), 三); as printed if it is none (3-1); None when blank."""
    bare = tight(text)
    if not bare:
        return None
    if bare.isascii() and bare.isdecimal() and len(bare) <= 6:  # noqa: PLR2004 — see _SEQUENCE
        return int(bare)
    match = _SEQUENCE.fullmatch(unicodedata.normalize("NFKC", bare).removesuffix(".0"))
    if match:
        return int(match[1])
    return number(bare) if _CHINESE_NUMBER.fullmatch(bare) else bare
