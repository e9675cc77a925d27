"""What reading a file gives: paragraphs and grids of text in reading order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block of cells: lines are 1-based as people count them, columns 0-based, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet or a table.

    `rows` holds (line, cells): line is the row a person would count in the sheet or table, from 1; rows
    without any text are left out, cells without text at the end of a row too. A merged block has its text
    in its first cell alone. `formulas` names the (line, column) whose text is a stored result or a formula:
    it is never worked out here. `name` is the sheet's name, "" for a table in running text.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    hidden: bool = False


Block = str | Grid
"""A paragraph or a grid."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its kind (docx, xlsx, csv, txt …) and its blocks in reading order."""

    kind: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def grids(self) -> list[Grid]:
        """The grids alone, in reading order."""
        return [block for block in self.blocks if isinstance(block, Grid)]


def to_data(document: Document) -> dict[str, Any]:
    """The document as plain lists and strings, fit for JSON; from_data reads it back."""
    return {"kind": document.kind, "blocks": [_block_data(block) for block in document.blocks]}


def _block_data(block: Block) -> str | list[Any]:
    if isinstance(block, str):
        return block
    merges = [[m.top, m.left, m.bottom, m.right] for m in block.merges]
    return [block.name, block.rows, merges, sorted(block.formulas), block.hidden]


def from_data(data: dict[str, Any]) -> Document:
    """The document that to_data wrote down."""
    return Document(data["kind"], [_block(item) for item in data["blocks"]])


def _block(item: str | list[Any]) -> Block:
    if isinstance(item, str):
        return item
    name, rows, merges, formulas, hidden = item
    return Grid(
        name,
        [(line, cells) for line, cells in rows],
        tuple(Merge(*merge) for merge in merges),
        frozenset((line, column) for line, column in formulas),
        hidden,
    )


def numbered(rows: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    """Rows with their line numbers from 1, without empty rows and without empty cells at the end."""
    kept = []
    for line, cells in enumerate(rows, start=1):
        filled = len(cells)
        while filled and not cells[filled - 1].strip():
            filled -= 1
        if filled:
            kept.append((line, cells[:filled]))
    return kept
