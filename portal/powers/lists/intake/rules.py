"""What a person can answer to each question about an annex, and the rows that follow from the answers. Pure.

Rows are those of `flask lists read` (docs/reading.md). An answer is {"action": …} with what the action needs:

set      {"value"}: the field of the row (of every row asked about) takes the value
drop     the row (every row asked about) is left out
accept   {"reason"}: it stays as it is
confirm  an understood remark holds as it was read
change   {"exceptions", "sub_items"}: a remark means this instead; both empty: it changes nothing
use      {"organisation"}: an unknown department is this known one (by its official name)
create   an unknown department is a new one
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.powers.lists.rules import Mode, read_mode
from portal.powers.matters.rules import fold_name, read_type

Row = dict[str, Any]


class Action(StrEnum):
    """What a person can do about a question."""

    SET = "set"
    DROP = "drop"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    CHANGE = "change"
    USE = "use"
    CREATE = "create"


_ROW = (Action.SET, Action.DROP)
_DOUBT = (Action.ACCEPT, Action.SET, Action.DROP)
_WORDS = (Action.CHANGE, Action.ACCEPT)

ACTIONS: Mapping[str, tuple[Action, ...]] = {
    "name_missing": _ROW,
    "department_missing": _ROW,
    "department_unknown": (Action.USE, Action.CREATE),
    "type_missing": _ROW,
    "type_unknown": _ROW,
    "mode_missing": _ROW,
    "mode_unknown": _ROW,
    "seq_odd": _ROW,
    "seq_double": _ROW,
    "matter_double": _ROW,
    "code_odd": _DOUBT,
    "code_type_clash": _DOUBT,
    "formula_cell": _DOUBT,
    "row_cut_off": (Action.ACCEPT, Action.DROP),
    "row_odd": (Action.ACCEPT,),
    "seq_gap": (Action.ACCEPT,),
    "totals_differ": (Action.ACCEPT,),
    "header_missing": (Action.ACCEPT,),
    "note_not_understood": (Action.ACCEPT,),
    "section_not_understood": (Action.SET, Action.ACCEPT),
    "remark_not_understood": _WORDS,
    "scope_not_understood": _WORDS,
    "exceptions_conflict": (Action.CHANGE,),
    "scope_unknown": (Action.CHANGE,),
    "remark_understood": (Action.CONFIRM, Action.CHANGE),
    "receivers_named": (Action.CONFIRM, Action.ACCEPT),
}
"""What can be done about each kind of question; the first is what a form offers first."""

SETTABLE = ("name", "department", "type", "mode", "seq", "code")


@dataclass(frozen=True)
class Asked:
    """A question as far as rows are concerned: which lines it is about, and the answer if there is one."""

    code: str
    field: str
    lines: tuple[int, ...]
    data: Mapping[str, Any]
    answer: Mapping[str, Any] | None


def settle_rows(rows: Sequence[Row], asked: Iterable[Asked]) -> list[Row]:
    """The rows as the answers make them; what is not answered stays as read."""
    found = {row["line"]: dict(row) for row in rows}
    dropped: set[int] = set()
    for question in asked:
        if question.answer is None:
            continue
        lines = question.lines or tuple(found)
        action = question.answer["action"]
        if action == Action.DROP:
            dropped.update(lines)
        elif action == Action.SET:
            _set(found, lines, question)
        elif action == Action.CHANGE:
            for line in lines:
                found[line]["exceptions"] = list(question.answer.get("exceptions", ()))
                found[line]["sub_items"] = list(question.answer.get("sub_items", ()))
        elif action == Action.USE:
            for line in lines:
                found[line]["department"] = question.answer["organisation"]
    return [row for line, row in found.items() if line not in dropped]


def _set(found: dict[int, Row], lines: Iterable[int], question: Asked) -> None:
    answer = question.answer or {}
    field = answer.get("field") or question.field
    for line in lines:
        row = found.get(line)
        # A table without modes is answered once: it must not overwrite the rows that say theirs.
        if row is None or (not question.lines and row.get(field)):
            continue
        row[field] = answer["value"]


@dataclass(frozen=True)
class Fault:
    """What still is wrong with a settled row; `line` 0 for the list as a whole."""

    line: int
    field: str
    sentence: str


def check_rows(rows: Sequence[Row]) -> list[Fault]:
    """The last look before rows become a working copy: nothing missing, nothing unknown, nothing twice."""
    faults = []
    if not rows:
        faults.append(Fault(0, "", "清单里没有事项"))
    seqs = Counter(row["seq"] for row in rows)
    keys = Counter(_key(row) for row in rows)
    for row in rows:
        line = row["line"]
        if not row["name"]:
            faults.append(Fault(line, "name", "没有事项名称"))
        if read_type(row["type"] or "") is None:
            faults.append(Fault(line, "type", "没有事项类型"))
        if row["mode"] not in set(Mode):
            faults.append(Fault(line, "mode", "没有放权方式"))
        if not isinstance(row["seq"], int) or seqs[row["seq"]] > 1:
            faults.append(Fault(line, "seq", "序号缺少或重复"))
        if keys[_key(row)] > 1:
            faults.append(Fault(line, "name", "同一部门的同名事项出现了两次"))
    return faults


def read_value(field: str, value: str) -> Any:
    """A typed-in value in the form rows hold it; raises ValueError when the field cannot take it."""
    tidy = " ".join(value.split())
    if field == "type":
        kind = read_type(tidy)
        if kind is None:
            raise ValueError(field)
        return kind.label
    if field == "mode":
        mode = Mode(tidy) if tidy in set(Mode) else read_mode(tidy)
        if mode is None:
            raise ValueError(field)
        return mode.value
    if field == "seq":
        if not tidy.isdecimal() or int(tidy) < 1:
            raise ValueError(field)
        return int(tidy)
    if field not in SETTABLE or not tidy:
        raise ValueError(field)
    return tidy


def _key(row: Row) -> tuple[str, str, str]:
    return (fold_name(row["department"] or ""), fold_name(row["name"] or ""), row["code"] or "")
