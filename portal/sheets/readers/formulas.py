"""Where the formulas of an .xlsx or .ods workbook are; calamine gives their stored results alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from portal.sheets.readers.workbook import Positions
from portal.sheets.readers.xml import Element, parse_part, relations

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_LETTERS = 26


def xlsx_formulas(path: Path, parts: set[str]) -> dict[str, Positions]:
    """The formulas of an .xlsx workbook by the sheets' names; `parts` are the parts that hold any."""
    with zipfile.ZipFile(path) as archive:
        main = next((part for kind, part in relations(archive, "").values() if kind == "officeDocument"), "")
        targets = relations(archive, main)
        found: dict[str, Positions] = {}
        for sheet in parse_part(archive, main).iter("{*}sheet"):
            key = next((value for name, value in sheet.items() if name.endswith("}id")), "")
            part = targets.get(key, ("", ""))[1]
            if part in parts:
                with archive.open(part) as stream:
                    found[sheet.get("name", "")] = frozenset(_cells_with_formulas(stream))
    return found


def _cells_with_formulas(stream: object) -> Iterator[tuple[int, int]]:
    line, column = 0, -1
    events = etree.iterparse(
        stream, events=("start", "end"), tag=("{*}row", "{*}c"), resolve_entities=False, no_network=True
    )
    for event, element in events:
        is_row = element.tag.endswith("}row")
        if event == "start":
            if is_row:
                number = element.get("r", "")
                line, column = (int(number) if number.isdecimal() else line + 1), -1
            else:
                match = _REFERENCE.fullmatch(element.get("r", ""))
                column = _column(match[1]) if match else column + 1
        elif not is_row and element.find("{*}f") is not None:
            yield line, column
        if event == "end":
            element.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def ods_formulas(path: Path) -> dict[str, Positions]:
    """The formulas of an .ods workbook by the sheets' names."""
    with zipfile.ZipFile(path) as archive:
        root = parse_part(archive, "content.xml")
    return {
        table.get(f"{_TABLE}name", ""): frozenset(_ods_cells(table)) for table in root.iter(f"{_TABLE}table")
    }


def _ods_cells(table: Element) -> Iterator[tuple[int, int]]:
    line = 1
    for row in table.iter(f"{_TABLE}table-row"):
        column = 0
        for cell in row:
            if cell.get(f"{_TABLE}formula") is not None:
                yield line, column
            column += _times(cell, "number-columns-repeated")
        line += _times(row, "number-rows-repeated")


def _times(element: Element, name: str) -> int:
    value = element.get(f"{_TABLE}{name}", "1")
    return int(value) if value.isdecimal() else 1
