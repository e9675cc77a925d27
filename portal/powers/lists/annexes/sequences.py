"""Sequence numbers and matters of a list: what stands twice, what was left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from portal.powers.lists.annexes.problems import Code, Problem
from portal.powers.lists.annexes.rows import Row
from portal.powers.matters.rules import fold_name


def double_problems(
    table: int, rows: Sequence[Row], starts: Sequence[int], inside: set[int]
) -> list[Problem]:
    """Sequence numbers and matters that stand twice in a list.

    `starts` are the lines of the sections' headings: numbers may start again at 1 below each, and with another
    department if they then count on. `inside` are the lines under a merged number, which repeat it.
    """
    problems: list[Problem] = []
    numbers: dict[int | str, int] = {}
    matters: dict[tuple[str, str, str], int] = {}
    before = 0
    again = _restarts(rows)
    for row in rows:
        if row.seq == 1 and (row.line in again or any(before < start < row.line for start in starts)):
            numbers.clear()
        before = row.line
        if row.line in inside:
            continue
        if row.seq is not None and numbers.setdefault(row.seq, row.line) != row.line:
            details = {"value": str(row.seq), "first": str(numbers[row.seq])}
            problems.append(Problem(table, row.line, "seq", Code.SEQ_DOUBLE, details))
        key = (row.department, row.code, fold_name(row.name))
        if row.name and not row.sub_items and matters.setdefault(key, row.line) != row.line:
            details = {"value": row.name, "first": str(matters[key])}
            problems.append(Problem(table, row.line, "name", Code.MATTER_DOUBLE, details))
    return problems


def _restarts(rows: Sequence[Row]) -> set[int]:
    """The lines at which numbers start again at 1 because another department begins.

    A lone 1 among higher numbers is a slip: the next number of the same department must be 2.
    """
    found: set[int] = set()
    for at, (above, row) in enumerate(pairwise(rows), start=2):
        if row.seq == 1 and row.department != above.department:
            following = rows[at] if at < len(rows) else None
            if following is None or following.seq == (2 if following.department == row.department else 1):
                found.add(row.line)
    return found


def gap_problems(table: int, rows: Sequence[Row]) -> list[Problem]:
    """Numbers that are missing between two rows: a sign that a row was lost on the way."""
    problems: list[Problem] = []
    for above, row in pairwise(rows):
        if isinstance(above.seq, int) and isinstance(row.seq, int) and row.seq > above.seq + 1:
            details = {"before": str(above.seq), "value": str(row.seq)}
            problems.append(Problem(table, row.line, "seq", Code.SEQ_GAP, details))
    return problems
