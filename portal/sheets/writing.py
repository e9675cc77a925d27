"""Writing sheets: rows are streamed, text stays text in every spreadsheet program, a short file is an error.

CSV knows no types, so a text that a program could take for a formula gets an apostrophe before it; texts that
begin with an apostrophe get one as well, so that `unguarded` gives back exactly what was written. XLSX and JSON
know types and hold every text as it is.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

Cell = str | int | float | bool | None
Row = Sequence[Cell]

APOSTROPHE = "'"
STARTERS = frozenset("=+-@\t\r\n'＝＋－＠")
"""What a formula begins with, half- and full-width; tab and line breaks, which some programs skip."""

HIDDEN = STARTERS | {" "}
"""Where a printable text has to be looked at more closely: a space may hide what begins a formula."""

UNHELD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""

LONGEST_CELL = 32767
MOST_ROWS = 1048576
WIDEST = 60
"""Excel's limits for a cell's characters and a sheet's rows, and the widest column we set."""

BOM = "\ufeff"
REMEMBERED = 4096
CHUNK = 1000
"""Texts that are remembered while a table is written, and rows that are handed on at once."""

SIGN = 2
"""A Chinese character is about so many times as wide as a digit."""


class RowsDiffer(Exception):  # noqa: N818  named by what it says
    """Not as many rows came as the database holds; nothing was written."""


class DoesNotFit(Exception):  # noqa: N818  named by what it says
    """A cell or the number of rows is beyond what a workbook can hold; nothing was written."""


def guarded(text: str) -> str:
    """The text as CSV holds it: with an apostrophe before it if a program could take it for a formula.

    Invisible signs and spaces before the first visible sign do not hide it.
    """
    for sign in text:
        if sign in STARTERS:
            return APOSTROPHE + text
        if not sign.isspace() and unicodedata.category(sign)[0] != "C":
            break
    return text


def _safe(text: str) -> str:
    """The text as CSV holds it, without signs that its readers stop at.

    Nearly every cell is visible signs alone and begins with none of the starters: one look tells.
    """
    if text.isprintable() and text[:1] not in HIDDEN:
        return text
    return guarded(clean(text))


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith(APOSTROPHE) else text


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Row], *, expected: int | None = None, bom: bool = True
) -> int:
    """Write the rows under the header as CSV in UTF-8 and give their number.

    `bom` is for Excel, which reads UTF-8 as something else without it. With `expected`, RowsDiffer is raised
    unless exactly so many rows came. The file appears at `path` when it is whole, or not at all.
    """
    # The same words stand in row after row: each is looked at once while it is remembered.
    safe = lru_cache(REMEMBERED)(_safe)
    with _whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM if bom else "")
        writer = csv.writer(file)
        writer.writerow([guarded(name) for name in header])
        count = 0
        for some in _chunks(_counted(rows, len(header))):
            writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in some)
            count += len(some)
        _compare(count, expected)
    return count


def write_json(path: Path, header: Sequence[str], rows: Iterable[Row], *, expected: int | None = None) -> int:
    """Write the rows as a JSON array of objects with the header's names as keys, one a line; see write_csv."""
    with _whole(path) as part, part.open("w", encoding="utf-8") as file:
        count = 0
        file.write("[")
        for row in _counted(rows, len(header)):
            file.write("\n" if not count else ",\n")
            record = dict(zip(header, row, strict=True))
            file.write(json.dumps(record, ensure_ascii=False, allow_nan=False))
            count += 1
        file.write("\n]\n" if count else "]\n")
        _compare(count, expected)
    return count


def write_xlsx(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    sheet: str,
    expected: int | None = None,
    widths: Sequence[int] = (),
) -> int:
    """Write the rows as a workbook with one sheet and give their number; see write_csv.

    The header stays in sight and has a filter. `widths` are in characters, half-width; without them the
    header's own widths are taken. No text becomes a formula, a link or a number. Raises DoesNotFit rather than
    cut anything off.
    """
    with _whole(path) as part:
        book = Workbook(
            str(part),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        # Closing also takes the library's temporary file away, so it is done after an error too.
        try:
            count = _fill(book, header, rows, sheet=sheet, widths=widths)
        finally:
            book.close()
        _compare(count, expected)
    return count


def _fill(book: Any, header: Sequence[str], rows: Iterable[Row], *, sheet: str, widths: Sequence[int]) -> int:
    page = book.add_worksheet(_sheet_name(sheet))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for column, name in enumerate(header):
        width = widths[column] if column < len(widths) else _width(name) + 2
        page.set_column(column, column, min(width, WIDEST))
    page.freeze_panes(1, 0)
    _write_row(page, 0, header, bold)
    count = 0
    for row in _counted(rows, len(header)):
        count += 1
        if count >= MOST_ROWS:
            raise DoesNotFit(f"a sheet holds {MOST_ROWS} rows with its header")
        _write_row(page, count, row, wrapped)
    page.autofilter(0, 0, count, len(header) - 1)
    return count


def _write_row(page: Any, line: int, row: Row, form: Any) -> None:
    for column, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, str):
            if len(cell) > LONGEST_CELL:
                raise DoesNotFit(f"row {line}, column {column + 1}: {len(cell)} characters")
            page.write_string(line, column, clean(cell), form)
        elif isinstance(cell, bool):
            page.write_boolean(line, column, cell, form)
        else:
            page.write_number(line, column, cell, form)


def _sheet_name(name: str) -> str:
    """The name without what Excel forbids in a sheet's name, at most 31 characters."""
    kept = "".join("_" if sign in "[]:*?/\\" else sign for sign in clean(name)).strip("'")[:31].strip("'")
    return kept or "Sheet1"


def _width(text: str) -> int:
    return sum(SIGN if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def clean(text: str) -> str:
    """Without the signs that XML cannot hold and CSV readers stop at; tabs and line breaks stay."""
    return UNHELD.sub("", text)


def _counted(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """The rows, each of which must have as many cells as the header."""
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            raise RowsDiffer(f"row {number} has {len(row)} cells, the header {width}")
        yield row


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, CHUNK)):
        yield some


def _compare(count: int, expected: int | None) -> None:
    if expected is not None and count != expected:
        raise RowsDiffer(f"{count} rows came, {expected} were expected")


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A neighbour to write to; it takes the path's place when all went well, and goes when not."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
