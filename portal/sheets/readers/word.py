"""Word documents (.docx): paragraphs and tables in reading order, with merged cells and automatic numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from portal.sheets.grids import Block, Document, Grid, Merge, numbered
from portal.sheets.readers.numbering import Numbering
from portal.sheets.readers.xml import Element, parse_part, relations
from portal.sheets.refusals import Refusal, Refused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_SKIPPED = frozenset(
    {"del", "moveFrom", "Fallback", "pPr", "rPr", "txbxContent", "tbl", "instrText", "sectPr"}
)
_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}
_WRAPPERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_MAX_COLUMNS = 256


def read_word(path: Path) -> Document:
    """The document in a .docx file; deleted and hidden text is left out, inserted text is in."""
    with zipfile.ZipFile(path) as archive:
        main = main_part(archive)
        root = parse_part(archive, main)
        numbering = next(
            (part for kind, part in relations(archive, main).values() if kind == "numbering"), ""
        )
        numbers = Numbering(parse_part(archive, numbering) if numbering in archive.namelist() else None)
    body = next((child for child in root if local_name(child) == "body"), None)
    if body is None:
        raise Refused(Refusal.DAMAGED)
    return Document("docx", list(_Reader(numbers).blocks(body)))


def main_part(archive: zipfile.ZipFile) -> str:
    """The name of the part that holds the document's text, "" when the package names none."""
    return next((part for kind, part in relations(archive, "").values() if kind == "officeDocument"), "")


def local_name(element: Element) -> str:
    """The name of an element without its namespace, "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _value(element: Element, *names: str) -> str | None:
    """The w:val of the element that the names lead to: "" without one, None when there is no such element."""
    for name in names:
        element = next((child for child in element if local_name(child) == name), None)
        if element is None:
            return None
    value: str | None = element.get(f"{_W}val", element.get(f"{_STRICT}val"))
    return value or ""


@dataclass(slots=True)
class _Open:
    """A vertical merge that may go on in the next row."""

    top: int
    right: int
    bottom: int


@dataclass(slots=True)
class _Table:
    """A table under way: its rows, finished merges, and those that may still grow, by their first column."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    open: dict[int, _Open] = field(default_factory=dict)

    def close(self, column: int) -> None:
        """End the vertical merge at a column."""
        merge = self.open.pop(column, None)
        if merge and (merge.bottom > merge.top or merge.right > column):
            self.merges.append(Merge(merge.top, column, merge.bottom, merge.right))


class _Reader:
    """Walks a document; `numbers` counts the automatic numbers on the way."""

    def __init__(self, numbers: Numbering) -> None:
        self._numbers = numbers

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Paragraphs and tables among the children of an element, also those inside wrappers and text boxes."""
        for child in parent:
            name = local_name(child)
            if name == "p":
                text = self._paragraph(child)
                if text.strip():
                    yield text.strip()
                for box in _boxes(child):
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self._table(child)
            elif name in _WRAPPERS:
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Element) -> str:
        text = "".join(_runs(paragraph))
        number = self._numbers.next(paragraph)
        return text if text.strip() else number

    def _table(self, table: Element) -> Iterator[Block]:
        """The grid of a table, then the grids of tables inside its cells."""
        built = _Table()
        inner: list[Element] = []
        for line, row in enumerate(_rows(table), start=1):
            self._row(built, line, row, inner)
        for column in sorted(built.open):
            built.close(column)
        yield Grid("", numbered(built.rows), tuple(built.merges))
        for nested in inner:
            yield from self._table(nested)

    def _row(self, built: _Table, line: int, row: Element, inner: list[Element]) -> None:
        cells = [""] * _span(_value(row, "trPr", "gridBefore"), 0)
        seen: set[int] = set()
        for cell in _cells(row):
            column = len(cells)
            span = _span(_value(cell, "tcPr", "gridSpan"), 1)
            if column + span > _MAX_COLUMNS:
                raise Refused(Refusal.TOO_WIDE)
            merge = _value(cell, "tcPr", "vMerge")
            text = self._cell(cell, inner)
            seen.add(column)
            if merge in ("", "continue") and column in built.open:
                built.open[column].bottom = line
                text = ""
            else:
                built.close(column)
                built.open[column] = _Open(line, column + span - 1, line)
                if merge is None:
                    built.close(column)
            cells += [text, *[""] * (span - 1)]
        for column in set(built.open) - seen:
            built.close(column)
        built.rows.append(cells)

    def _cell(self, cell: Element, inner: list[Element]) -> str:
        inner += _tables(cell)
        texts = (block for block in _paragraphs(cell))
        return "\n".join(text for text in map(self._paragraph, texts) if text.strip())


def _span(value: str | None, default: int) -> int:
    return min(int(value), _MAX_COLUMNS) if value and value.isdecimal() else default


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if local_name(child) == "tr":
            if _value(child, "trPr", "del") is None:
                yield child
        elif local_name(child) in _WRAPPERS:
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if local_name(child) == "tc":
            yield child
        elif local_name(child) in _WRAPPERS:
            yield from _cells(child)


def _paragraphs(cell: Element) -> Iterator[Element]:
    for child in cell:
        if local_name(child) == "p":
            yield child
            for box in _boxes(child):
                yield from _paragraphs(box)
        elif local_name(child) in _WRAPPERS:
            yield from _paragraphs(child)


def _tables(element: Element) -> Iterator[Element]:
    """The tables inside an element, without the tables inside those."""
    for child in element:
        if local_name(child) == "tbl":
            yield child
        elif len(child):
            yield from _tables(child)


def _boxes(paragraph: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph; the copy for older programs (Fallback) is left out."""
    for child in paragraph:
        name = local_name(child)
        if name == "txbxContent":
            yield child
        elif name not in ("Fallback", "del", "p"):
            yield from _boxes(child)


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _SKIPPED and not (
            name == "r" and _value(child, "rPr", "vanish") in ("", "1", "true")
        ):
            yield from _runs(child)
