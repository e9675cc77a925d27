"""Workbooks (.xlsx, .xls, .ods) through calamine; numbers become text as people see them, formulas are marked."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine

from portal.sheets.grids import Document, Grid, Merge
from portal.sheets.refusals import Refusal, Refused

Positions = frozenset[tuple[int, int]]
"""(line, column) of cells: lines from 1, columns from 0."""

_EXACT = 1e15
"""From here on a spreadsheet has lost digits: such a number is shown as spreadsheets do, with an exponent."""

MAX_MERGED_LINES = 400_000


def read_workbook(path: Path, kind: str, formulas: dict[str, Positions]) -> Document:
    """The sheets of a workbook in order. `formulas` gives for each sheet's name where its formulas are."""
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        grids = [_sheet(book, meta, formulas.get(meta.name, frozenset())) for meta in _sheets(book)]
    except calamine.PasswordError as error:
        raise Refused(Refusal.ENCRYPTED) from error
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(Refusal.DAMAGED) from error
    return Document(kind, list(grids))


def _sheets(book: Any) -> Sequence[Any]:
    return [meta for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet]


def _sheet(book: Any, meta: Any, formulas: Positions) -> Grid:
    sheet = book.get_sheet_by_name(meta.name)
    hidden = meta.visible != calamine.SheetVisibleEnum.Visible
    rows: list[tuple[int, list[str]]] = []
    for line, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        while values and values[-1] in ("", None):
            values.pop()
        if values:
            rows.append((line, [value if type(value) is str else shown(value) for value in values]))
    return Grid(meta.name, rows, _merges(sheet, rows[-1][0] if rows else 0), formulas, hidden)


def _merges(sheet: Any, last: int) -> tuple[Merge, ...]:
    found = tuple(
        Merge(top + 1, left, min(bottom + 1, last), right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < last
    )
    if sum(merge.bottom - merge.top for merge in found) > MAX_MERGED_LINES:
        raise Refused(Refusal.TOO_LARGE)
    return found


def shown(value: object) -> str:
    """A cell's value as text: 1.0 is 1, 3700000117086.0 is 3700000117086, a date is 2021-06-15."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        if abs(value) >= _EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
