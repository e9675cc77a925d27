"""Automatic numbers of Word paragraphs: a column of 序号 often has no text, only numbering."""

from __future__ import annotations

import re
from collections import Counter

from portal.sheets.readers.xml import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN = frozenset({"decimal", "decimalZero", "decimalFullWidth", ""})


class Numbering:
    """Counts numbered paragraphs in reading order. `root` is the part numbering.xml, None without one."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[tuple[str, str], tuple[str, str, int]] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        abstract = {
            each.get(f"{_W}abstractNumId"): {
                level.get(f"{_W}ilvl"): (
                    _val(level, "numFmt", ""),
                    _val(level, "lvlText", "%1"),
                    int(_val(level, "start", "1")) if _val(level, "start", "1").isdecimal() else 1,
                )
                for level in each.findall(f"{_W}lvl")
            }
            for each in root.findall(f"{_W}abstractNum")
        }
        for number in root.findall(f"{_W}num"):
            levels = abstract.get(_val(number, "abstractNumId", ""), {})
            for level, form in levels.items():
                self._levels[number.get(f"{_W}numId"), level] = form

    def next(self, paragraph: Element) -> str:
        """The number that a paragraph shows, "" when it has none or one that is not in digits."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        if found is None:
            return ""
        key = (_val(found, "numId", ""), _val(found, "ilvl", "0"))
        form, text, start = self._levels.get(key, ("none", "", 1))
        shown = start + self._counts[key]
        self._counts[key] += 1
        if form not in _PLAIN:
            return ""
        return re.sub(r"%\d", str(shown), text) if text.count("%") == 1 else str(shown)


def _val(element: Element, name: str, default: str) -> str:
    found = element.find(f"{_W}{name}")
    value: str | None = None if found is None else found.get(f"{_W}val")
    return default if value is None else value
