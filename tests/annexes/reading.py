"""Shortcuts of these tests: read a file, or a grid as if it came from one, down to the documented JSON."""

from __future__ import annotations

import json
from pathlib import Path

from portal.powers.lists.annexes.output import as_data
from portal.powers.lists.annexes.reading import read_annexes
from portal.sheets.grids import Document, Grid, numbered
from portal.sheets.sandbox import read_document

POLICIES = Path(__file__).resolve().parents[2] / "portal/data/policies"


def read_file(path):
    return json.loads(json.dumps(as_data(read_annexes(read_document(path)))))


def read_rows(*rows, lead=(), after=(), merges=(), formulas=(), name=""):
    """The reading of one grid with paragraphs before and after it."""
    grid = Grid(name, numbered([list(row) for row in rows]), tuple(merges), frozenset(formulas))
    return json.loads(json.dumps(as_data(read_annexes(Document("test", [*lead, grid, *after])))))


def codes(reading):
    return [problem["code"] for problem in reading["problems"]]


def without_lines(rows):
    return [{key: value for key, value in row.items() if key != "line"} for row in rows]
