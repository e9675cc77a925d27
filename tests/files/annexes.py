"""Writes one and the same annex in every format, the way clerks make them; used by the tests and the benchmark."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import docx
import xlsxwriter
import xlwt

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("docx", "xlsx", "xls", "csv", "txt")


@dataclass(frozen=True)
class Annex:
    """A title, a header, rows (a row of one text is a heading across the table) and notes.

    `down` names columns in which equal neighbours are written as one vertically merged cell, in the formats
    that have such cells.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    mark: str = "附件1"
    notes: Sequence[str] = ()
    down: Sequence[int] = field(default=())

    def across(self, row: Sequence[str]) -> bool:
        return len(row) == 1

    def runs(self, column: int) -> list[tuple[int, int]]:
        """First and last index of neighbouring rows with the same text in the column, at least two."""
        runs = []
        start = 0
        for index in range(1, len(self.rows) + 1):
            same = (
                index < len(self.rows)
                and not self.across(self.rows[index])
                and not self.across(self.rows[start])
                and self.rows[index][column] == self.rows[start][column] != ""
            )
            if not same:
                if index - start > 1:
                    runs.append((start, index - 1))
                start = index
        return runs


def write(annex: Annex, folder: Path, kind: str, name: str = "附件", encoding: str = "utf-8") -> Path:
    """Write the annex in one of FORMATS; the path of the new file."""
    path = folder / f"{name}.{kind}"
    if kind == "csv":
        return _write_csv(annex, path, encoding)
    return {"docx": _write_docx, "xlsx": _write_xlsx, "xls": _write_xls, "txt": _write_txt}[kind](annex, path)


def _write_docx(annex: Annex, path: Path) -> Path:
    document = docx.Document()
    for text in (annex.mark, annex.title):
        if text:
            document.add_paragraph(text)
    width = len(annex.header)
    table = document.add_table(rows=0, cols=width)
    _fill(table.add_row().cells, annex.header)
    first = {}
    for index, row in enumerate(annex.rows):
        cells = table.add_row().cells
        if annex.across(row):
            cells[0].merge(cells[-1]).text = row[0]
        else:
            _fill(cells, row)
        first[index] = cells
    for column in annex.down:
        for start, end in annex.runs(column):
            for index in range(start + 1, end + 1):
                first[index][column].text = ""
            merged = first[start][column].merge(first[end][column])
            merged.text = annex.rows[start][column]
    for note in annex.notes:
        document.add_paragraph(note)
    document.save(str(path))
    return path


def _fill(cells, texts) -> None:
    for cell, text in zip(cells, texts, strict=False):
        cell.text = text


def _number(text: str) -> float | str:
    """Excel keeps digits as a number unless told otherwise."""
    return float(text) if text.isdecimal() and len(text) <= 15 and str(int(text)) == text else text


def _write_xlsx(annex: Annex, path: Path) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        _fill_sheet(annex, lambda r, c, text: sheet.write(r, c, _number(text)), sheet.merge_range)
    return path


def _write_xls(annex: Annex, path: Path) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    _fill_sheet(
        annex,
        lambda r, c, text: sheet.write(r, c, _number(text)),
        lambda r1, c1, r2, c2, text: sheet.write_merge(r1, r2, c1, c2, _number(text)),
    )
    book.save(str(path))
    return path


def _fill_sheet(annex: Annex, write_cell, merge) -> None:
    last = len(annex.header) - 1
    at = 0
    for text in (annex.mark, annex.title):
        if text:
            merge(at, 0, at, last, text)
            at += 1
    for column, text in enumerate(annex.header):
        write_cell(at, column, text)
    at += 1
    covered = _merge_down(annex, at, merge)
    for index, row in enumerate(annex.rows):
        if annex.across(row):
            merge(at + index, 0, at + index, last, row[0])
            continue
        for column, text in enumerate(row):
            if text and (index, column) not in covered:
                write_cell(at + index, column, text)
    for offset, note in enumerate(annex.notes):
        merge(at + len(annex.rows) + offset, 0, at + len(annex.rows) + offset, last, note)


def _merge_down(annex: Annex, at: int, merge) -> set[tuple[int, int]]:
    """Merge equal neighbours of the columns in `down`; the cells that this has filled."""
    covered = set()
    for column in annex.down:
        for start, end in annex.runs(column):
            merge(at + start, column, at + end, column, annex.rows[start][column])
            covered |= {(index, column) for index in range(start, end + 1)}
    return covered


def _write_csv(annex: Annex, path: Path, encoding: str) -> Path:
    width = len(annex.header)
    lines = [[text] for text in (annex.mark, annex.title) if text]
    lines += [list(annex.header), *map(list, annex.rows), *[[note] for note in annex.notes]]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([line + [""] * (width - len(line)) for line in lines])
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


def _write_txt(annex: Annex, path: Path) -> Path:
    parts = [annex.mark, annex.title, ""]
    for row in [annex.header, *annex.rows]:
        parts += [f"\t{text}" for text in row] + [""]
    path.write_text("\n".join([*parts, "", *annex.notes, ""]), encoding="utf-8")
    return path
