"""Text pasted from a word processor, and text with columns parted by tabs.

A word processor pastes a table as one cell a line: each cell's first line starts with a tab, a blank line
ends the row, further lines of a cell have no tab, and a cell may hold blank lines of its own. A sheet
pastes one row a line with tabs inside it. Everything else is paragraphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.sheets.grids import Block, Document, Grid, numbered

_BOOKMARK = re.compile(r"\[bookmark: [^\]\n]*\]")
_NUMBER = re.compile(r"[\d０-９]{1,4}[.．、]?")
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]+[）)、.．]|注|合计|总计|小计")
_MIN_ROW = 2
_ACROSS = 4


@dataclass(slots=True)
class _Group:
    """Cells that stand together without a blank line; `blanks` is what a gap before them would add."""

    cells: list[str] = field(default_factory=list)


def read_text(text: str) -> Document:
    """The document that a text holds: paragraphs (bookmark marks dropped) and grids in reading order."""
    lines = _BOOKMARK.sub("", text).replace("\f", "\n").splitlines()
    blocks: list[Block] = []
    at = 0
    while at < len(lines):
        line = lines[at].rstrip("\t ")
        if _starts_table(lines, at):
            at, grid = _pasted_table(lines, at)
            blocks.append(grid)
        elif "\t" in line.strip():
            at, rows = _tabbed_rows(lines, at)
            blocks.append(Grid("", numbered(rows)))
        else:
            if line.strip():
                blocks.append(line.strip())
            at += 1
    return Document("txt", blocks)


def _starts_table(lines: Sequence[str], at: int) -> bool:
    """A cell with text, or one empty cell with another cell below; tabs alone are only padding."""
    if not lines[at].startswith("\t"):
        return False
    return bool(lines[at].strip()) or (
        lines[at] == "\t"
        and at + 1 < len(lines)
        and lines[at + 1][:1] == "\t"
        and bool(lines[at + 1].strip())
    )


def _tabbed_rows(lines: Sequence[str], at: int) -> tuple[int, list[list[str]]]:
    """The rows of a pasted sheet; a few lines without tabs between two rows stand across it (一、…)."""
    rows: list[list[str]] = []
    while at < len(lines):
        if "\t" in lines[at].strip():
            rows.append(lines[at].split("\t"))
            at += 1
            continue
        end = next((n for n in range(at, min(at + _ACROSS, len(lines))) if "\t" in lines[n].strip()), at)
        if end == at or lines[end].startswith("\t"):
            break
        rows += [[line] for line in lines[at:end] if line.strip()]
        at = end
    return at, rows


def _pasted_table(lines: Sequence[str], at: int) -> tuple[int, Grid]:
    """The table that starts at a line with a leading tab, and the index of the first line after it."""
    groups: list[_Group] = []
    end = at
    fresh = True
    for index in range(at, len(lines)):
        line = lines[index]
        if line.startswith("\t"):
            if fresh:
                groups.append(_Group())
            groups[-1].cells.append(line[1:])
            fresh, end = False, index + 1
        elif not line.strip():
            fresh = True
        elif not fresh:
            groups[-1].cells[-1] += "\n" + line
            end = index + 1
        elif _goes_on(groups, lines, index):
            groups[-1].cells[-1] += "\n" + line
            fresh, end = False, index + 1
        else:
            break
    rows = [_split_columns(group.cells) for group in groups]
    return end, Grid("", numbered(_joined(rows)))


def _split_columns(cells: list[str]) -> list[str]:
    """A single pasted line that itself holds tabs is a whole row of a sheet."""
    if len(cells) == 1 and "\t" in cells[0].rstrip("\t"):
        return ["", *cells[0].split("\t")]
    return cells


def _goes_on(groups: Sequence[_Group], lines: Sequence[str], index: int) -> bool:
    """Whether a line without a tab after a blank line belongs to the cell before it.

    It does when the row is short of the table's width and the cells that follow make it exactly full; where they
    follow at once, they may leave it short: then the row was cut off at its end.
    """
    width = _width([len(group.cells) for group in groups[:-1]])
    missing = width - len(groups[-1].cells)
    if missing <= 0:
        return False
    following = 0
    for line in lines[index + 1 :]:
        if line.startswith("\t"):
            following += 1
        elif following and not line.strip():
            break
    return following == missing or (0 < following < missing and lines[index + 1].startswith("\t"))


def _width(sizes: Iterable[int]) -> int:
    """How many cells a full row has: the largest size that more than one row has, else the largest."""
    counted = Counter(size for size in sizes if size >= _MIN_ROW)
    repeated = [size for size, count in counted.items() if count > 1]
    return max(repeated or counted, default=0)


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """Rows put together again where a blank line inside a cell tore them apart.

    Only pieces that make the row exactly full are joined; others stay as they are, to be reported.
    """
    width = _width(len(row) for row in rows)
    whole: list[list[str]] = []
    pieces: list[list[str]] = []
    for row in rows:
        held = sum(map(len, pieces))
        if pieces and (held + len(row) > width or _begins_anew(pieces[0], row)):
            whole += pieces
            pieces = []
        if not pieces and (len(row) >= width or not _may_be_torn(row)):
            whole.append(row)
            continue
        pieces.append(row)
        if sum(map(len, pieces)) == width:
            whole.append([cell for piece in pieces for cell in piece])
            pieces = []
    return whole + pieces


def _may_be_torn(row: Sequence[str]) -> bool:
    """A lone cell is a row across the table unless it is a row's number."""
    return len(row) > 1 or bool(_NUMBER.fullmatch(row[0].strip()))


def _begins_anew(first: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a piece starts a row of its own: a heading or note across the table, or the next number."""
    start = row[0].strip()
    if len(row) == 1 and _HEADING.match(start):
        return True
    return bool(_NUMBER.fullmatch(first[0].strip()) and _NUMBER.fullmatch(start))
