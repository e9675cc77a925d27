"""A reading as plain data for JSON, in the form that docs/reading.md documents and keeps. Pure."""

from __future__ import annotations

from typing import Any

from portal.powers.lists.annexes.reading import Reading, Table
from portal.powers.lists.annexes.rows import Row
from portal.powers.lists.annexes.totals import Kind
from portal.powers.matters.rules import MatterType


def as_data(reading: Reading) -> dict[str, Any]:
    """The reading as dictionaries, lists, strings and numbers."""
    return {
        "tables": [_table(table) for table in reading.tables],
        "skipped": [{"title": skipped.title, "reason": skipped.reason} for skipped in reading.skipped],
        "problems": [
            {
                "table": problem.table,
                "line": problem.line,
                "field": problem.field,
                "code": problem.code,
                "message": problem.message,
            }
            for problem in reading.problems
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "notes": table.notes,
        "receivers": table.receivers,
        "totals": _totals(table),
        "columns": table.columns,
        "rows": [_row(row) for row in table.rows],
    }


def _totals(table: Table) -> dict[str, Any]:
    """Only what the document states: total, by_mode, by_type, sections; an empty object when it states none."""
    totals: dict[str, Any] = {}
    for stated in table.totals:
        if stated.kind is Kind.ALL:
            totals.setdefault("total", stated.count)
        elif stated.kind is Kind.MODE:
            totals.setdefault("by_mode", {}).setdefault(str(stated.key), stated.count)
        else:
            totals.setdefault("by_type", {}).setdefault(MatterType(stated.key).label, stated.count)
    sections = [
        {"line": section.line, "heading": section.heading, "total": section.stated}
        for section in table.sections
        if section.stated is not None
    ]
    return totals | ({"sections": sections} if sections else {})


def _row(row: Row) -> dict[str, Any]:
    return {
        "line": row.line,
        "seq": row.seq,
        "department": row.department,
        "code": row.code,
        "name": row.name,
        "type": row.type.label if row.type else None,
        "mode": row.mode,
        "mode_label": row.mode_label,
        "remark": row.remark,
        "sub_items": row.sub_items,
        "exceptions": [
            {"places": list(found.places), "groups": list(found.groups), "mode": found.mode}
            for found in row.exceptions
        ],
    }
