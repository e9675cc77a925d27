"""Pages of a PDF as LibreOffice imports them into Word: lines of text and ruled lines, each at its place.

The tables are put together again from their rules: cells that no rule parts are one merged cell, and text
belongs to the cell that its middle lies in. A table that goes on over a page with the same columns stays one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.sheets.grids import Block, Document, Grid, Merge, numbered
from portal.sheets.readers.word import main_part
from portal.sheets.readers.xml import Element, parse_part
from portal.sheets.refusals import Refusal, Refused

_NEAR = 25_400
"""Two points, in the units of Word drawings (914,400 to an inch): rules closer than this are one."""

_MAX_SHAPES = 100_000
_MAX_RULES = 4_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """A line of text or a rule (no text) with its box."""

    left: int
    top: int
    width: int
    height: int
    text: str

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def middle(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2


@dataclass(slots=True)
class _Ruled:
    """A ruled table on a page: where its rules run."""

    columns: list[int]
    rows: list[int]
    rules: list[_Shape]

    def holds(self, shape: _Shape) -> bool:
        across, down = shape.middle
        return self.columns[0] < across < self.columns[-1] and self.rows[0] < down < self.rows[-1]


def read_pages(path: Path) -> Document:
    """The paragraphs and tables of a .docx that LibreOffice made of a PDF."""
    with zipfile.ZipFile(path) as archive:
        root = parse_part(archive, main_part(archive))
    blocks: list[Block] = []
    columns: list[int] = []
    for shapes in _pages(root):
        for block, at in _page(shapes):
            before = blocks[-1] if blocks else None
            if isinstance(block, Grid) and isinstance(before, Grid) and _alike(columns, at):
                blocks[-1] = _joined(before, block)
            else:
                blocks.append(block)
            columns = at
    return Document("pdf", blocks)


def _pages(root: Element) -> Iterator[list[_Shape]]:
    """The shapes of each page. They come from top to bottom, so a step up begins the next page."""
    shapes = [shape for anchor in root.iter("{*}anchor") if (shape := _shape(anchor))]
    if len(shapes) > _MAX_SHAPES:
        raise Refused(Refusal.TOO_LARGE)
    page: list[_Shape] = []
    for shape in shapes:
        if page and shape.top < page[-1].top - _NEAR:
            yield page
            page = []
        page.append(shape)
    yield page


def _shape(anchor: Element) -> _Shape | None:
    extent = anchor.find("{*}extent")
    offsets = [anchor.find(f"{{*}}{name}/{{*}}posOffset") for name in ("positionH", "positionV")]
    if extent is None or None in offsets:
        return None
    text = "".join(node.text or "" for node in anchor.iter("{*}t"))
    left, top = (int(offset.text) for offset in offsets)
    return _Shape(left, top, int(extent.get("cx")), int(extent.get("cy")), text)


def _page(shapes: Sequence[_Shape]) -> Iterator[tuple[Block, list[int]]]:
    """The blocks of a page from top to bottom, tables with where their columns run."""
    texts = [shape for shape in shapes if shape.text.strip()]
    rules = [shape for shape in shapes if not shape.text and min(shape.width, shape.height) < _NEAR]
    found: list[tuple[int, Block, list[int]]] = []
    for table in _tables(rules[:_MAX_RULES]):
        inside = [shape for shape in texts if table.holds(shape)]
        texts = [shape for shape in texts if not table.holds(shape)]
        found.append((table.rows[0], _grid(table, inside), table.columns))
    found += [(lines[0][0].top, "".join(map(_line_text, lines)), []) for lines in _paragraphs(_lines(texts))]
    for _, block, columns in sorted(found, key=lambda entry: entry[0]):
        yield block, columns


def _paragraphs(lines: Sequence[list[_Shape]]) -> list[list[list[_Shape]]]:
    """Lines that make up a paragraph: one that reaches the right margin goes on in the line just below it."""
    margin = max((shape.right for line in lines for shape in line), default=0)
    found: list[list[list[_Shape]]] = []
    for line in lines:
        above = found[-1][-1] if found else None
        if above:
            height = above[0].height
            full = max(shape.right for shape in above) > margin - 2 * height
            if full and line[0].top - above[0].bottom < height:
                found[-1].append(line)
                continue
        found.append([line])
    return found


def _tables(rules: Sequence[_Shape]) -> Iterator[_Ruled]:
    """Rules that touch each other, group by group, where they make up columns and rows."""
    left = list(rules)
    while left:
        group = [left.pop()]
        for member in group:
            touching = [rule for rule in left if _touch(member, rule)]
            left = [rule for rule in left if not _touch(member, rule)]
            group += touching
        columns = _clusters(rule.left for rule in group if rule.height > rule.width)
        rows = _clusters(rule.top for rule in group if rule.width > rule.height)
        if len(columns) > 1 and len(rows) > 1:
            yield _Ruled(columns, rows, group)


def _touch(one: _Shape, other: _Shape) -> bool:
    apart = (
        one.left - _NEAR > other.right
        or other.left - _NEAR > one.right
        or one.top - _NEAR > other.bottom
        or other.top - _NEAR > one.bottom
    )
    return not apart


def _clusters(values: Iterable[int]) -> list[int]:
    found: list[int] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _grid(table: _Ruled, texts: Sequence[_Shape]) -> Grid:
    """The table's cells with their texts, those that no rule parts merged."""
    height, width = len(table.rows) - 1, len(table.columns) - 1
    owner = {(row, column): (row, column) for row in range(height) for column in range(width)}
    for row, column in sorted(owner):
        above, before = (row - 1, column), (row, column - 1)
        if row and not _parted(table, row, column, flat=True):
            owner[row, column] = owner[above]
        elif column and not _parted(table, row, column, flat=False):
            owner[row, column] = owner[before]
    inside: dict[tuple[int, int], list[_Shape]] = {}
    for shape in texts:
        across, down = shape.middle
        row = sum(at < down for at in table.rows) - 1
        column = sum(at < across for at in table.columns) - 1
        inside.setdefault(owner[row, column], []).append(shape)
    cells = [[""] * width for _ in range(height)]
    for (row, column), shapes in inside.items():
        cells[row][column] = "\n".join(_line_text(line) for line in _lines(shapes))
    merges = []
    for first in set(owner.values()):
        members = [place for place, top in owner.items() if top == first]
        if len(members) > 1:
            rows, columns = zip(*members, strict=True)
            merges.append(Merge(min(rows) + 1, min(columns), max(rows) + 1, max(columns)))
    return Grid("", numbered(cells), tuple(sorted(merges, key=lambda merge: (merge.top, merge.left))))


def _parted(table: _Ruled, row: int, column: int, *, flat: bool) -> bool:
    """Whether a rule parts a cell from the one above it (flat) or before it."""
    across = (table.columns[column] + table.columns[column + 1]) // 2
    down = (table.rows[row] + table.rows[row + 1]) // 2
    if flat:
        return any(
            abs(rule.top - table.rows[row]) <= _NEAR and rule.left < across < rule.right
            for rule in table.rules
            if rule.width > rule.height
        )
    return any(
        abs(rule.left - table.columns[column]) <= _NEAR and rule.top < down < rule.bottom
        for rule in table.rules
        if rule.height > rule.width
    )


def _lines(texts: Iterable[_Shape]) -> list[list[_Shape]]:
    """Pieces of text that stand on one line, line by line."""
    lines: list[list[_Shape]] = []
    for shape in sorted(texts, key=lambda shape: shape.middle[1]):
        if lines and shape.middle[1] - lines[-1][0].middle[1] < lines[-1][0].height // 2:
            lines[-1].append(shape)
        else:
            lines.append([shape])
    return lines


def _line_text(line: Sequence[_Shape]) -> str:
    """The text of a line. A sign in another font lies over the blank that was left for it."""
    text = ""
    pieces = sorted(line, key=lambda shape: (shape.left, -shape.width))
    while pieces:
        piece = pieces.pop(0)
        over = [shape for shape in pieces if shape.right <= piece.right + _NEAR]
        pieces = [shape for shape in pieces if shape not in over]
        base = piece.text
        for shape in over:
            before, blank, after = base.partition(" ")
            base = f"{before}{shape.text}{after}" if blank else base + shape.text
        text += base
    return text


def _alike(one: Sequence[int], other: Sequence[int]) -> bool:
    return len(one) == len(other) > 0 and all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _joined(first: Grid, second: Grid) -> Grid:
    """A table and its part on the next page; lines count on.

    An empty merged cell at the top of the page is the rest of the cell above: its text stands on the page
    where it begins. A row that the end of the page cut in two becomes one again.
    """
    last = max([line for line, _ in first.rows] + [merge.bottom for merge in first.merges], default=0)
    merges = {(merge.bottom, merge.left): merge for merge in first.merges}
    texts = dict(second.rows)
    for merge in second.merges:
        moved = Merge(merge.top + last, merge.left, merge.bottom + last, merge.right)
        top = texts.get(merge.top, [])
        if merge.top == 1 and merge.bottom > 1 and not "".join(top[merge.left : merge.left + 1]):
            begun = merges.pop((last, merge.left), None)
            moved = Merge(begun.top if begun else last, merge.left, moved.bottom, merge.right)
        merges[moved.bottom, moved.left] = moved
    rows = [(line, list(cells)) for line, cells in first.rows]
    rows += [(line + last, cells) for line, cells in second.rows]
    if (
        first.rows
        and second.rows
        and second.rows[0][0] == 1
        and _rest_of(first.rows[-1][1], second.rows[0][1])
    ):
        _, rest = rows.pop(len(first.rows))
        above = rows[len(first.rows) - 1][1]
        above[: len(rest)] = ["\n".join(filter(None, pair)) for pair in zip(above, rest, strict=False)]
    return Grid("", rows, tuple(merges.values()))


def _rest_of(row: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether the first row of a page is the rest of the row above: no number of its own, text below text."""
    filled = [at for at, text in enumerate(rest) if text]
    return bool(filled) and not rest[0] and bool(row[0]) and all(at < len(row) and row[at] for at in filled)
