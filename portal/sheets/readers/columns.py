"""Comma-, semicolon- and tab-separated columns (CSV), told apart from running text by their shape."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from portal.sheets.grids import Document, Grid, numbered
from portal.sheets.refusals import Refusal, Refused

_DELIMITERS = ",\t;，|"
_SAMPLE = 60
_FIELD_LIMIT = 1_000_000
_PASTED = 2
_SEP = re.compile(r"sep=[,;\t|]\r?\n", re.IGNORECASE)
"""The line with which Excel is told the delimiter; it shows no row for it."""


def read_columns(text: str) -> Document | None:
    """The one grid of a CSV text; None when the text is not made of columns.

    A line is a record: a line break inside quotes does not start a new one, an empty record counts. A cell
    that starts with "=" would be worked out by a spreadsheet program: it is marked as a formula.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    text = _SEP.sub("", text, count=1) if text[:4].lower() == "sep=" else text
    delimiter = _delimiter(text)
    if delimiter is None:
        return None
    try:
        rows = numbered(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused(Refusal.DAMAGED) from error
    formulas = frozenset(
        (line, column)
        for line, cells in rows
        for column, cell in enumerate(cells)
        if cell[:1] == "=" and len(cell) > 1
    )
    return Document("csv", [Grid("", rows, (), formulas)])


def _delimiter(text: str) -> str | None:
    """The delimiter that gives most records one and the same number of columns, at least two."""
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        sizes = list(_sizes(text, delimiter))
        size, count = Counter(sizes).most_common(1)[0] if sizes else (0, 0)
        if size > 1 and count * 2 >= len(sizes) and (best is None or size > best[0]):
            best = (size, delimiter)
    return best[1] if best else None


def _sizes(text: str, delimiter: str) -> Iterable[int]:
    """How many columns each of the first records has; a pasted cell (a leading tab alone) has one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for seen, record in enumerate(reader):
            if seen >= _SAMPLE:
                return
            if any(record):
                yield 1 if delimiter == "\t" and not record[0] and len(record) <= _PASTED else len(record)
    except csv.Error:
        return
