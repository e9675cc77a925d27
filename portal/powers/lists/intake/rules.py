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

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.powers.lists.rules import Mode, mark, read_mode
from portal.powers.matters.rules import fold_name, identity, read_type

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


_MODES = frozenset(Mode)
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
    "too_long": _ROW,
    "part_too_long": (Action.CHANGE, Action.DROP),
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

LONGEST = {"name": 400, "department": 128, "code": 64, "mode_label": 64}
"""The most characters that a field takes; a sub-item is a name's part and takes LONGEST_PART."""

LONGEST_PART = 255
WIDEST = 18
"""As many signs as one sign becomes at most when it is folded (NFKC of U+FDFA)."""
HIGHEST_SEQ = 999_999
SETTABLE = ("name", "department", "type", "mode", "mode_label", "seq", "code")


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
            for row in (found[line] for line in lines if line in found):
                row["exceptions"] = list(question.answer.get("exceptions", ()))
                row["sub_items"] = list(question.answer.get("sub_items", ()))
        elif action == Action.USE:
            for row in (found[line] for line in lines if line in found):
                row["department"] = question.answer["organisation"]
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
    """What still is wrong with a settled row; `line` 0 and no code for the list as a whole.

    `code` is the kind of question (ACTIONS) that settles it.
    """

    line: int
    field: str
    code: str
    text: str
    """The sentence, with places for `values`; also the key under which it is translated."""
    values: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The Chinese sentence."""
        return self.text % self.values


def check_rows(rows: Sequence[Row]) -> list[Fault]:
    """The last look before rows become a working copy: nothing missing, nothing unknown, no matter twice.

    Departments are expected by their official names. Sequence numbers may come twice (a list may count each
    of its sections from one; a doubtful one was asked about when the file was read), and be missing where
    the whole list has none.
    """
    if not rows:
        return [Fault(0, "", "", mark("清单里没有事项"))]
    numbered = any(row["seq"] is not None for row in rows)
    first: dict[str, int] = {}
    faults: list[Fault] = []
    for row in rows:
        line = row["line"]
        if not row["name"]:
            faults.append(Fault(line, "name", "name_missing", mark("没有事项名称")))
        if read_type(row["type"] or "") is None:
            faults.append(Fault(line, "type", "type_missing", mark("没有事项类型")))
        if row["mode"] not in _MODES:
            faults.append(Fault(line, "mode", "mode_missing", mark("没有放权方式")))
        if numbered and not isinstance(row["seq"], int):
            faults.append(Fault(line, "seq", "seq_odd", mark("序号缺少或不是数字")))
        faults.extend(_too_long(row))
        if row["name"] and first.setdefault(_key(row), line) != line:
            text = mark("和第%(line)s行是同一个事项")
            faults.append(Fault(line, "name", "matter_double", text, {"line": first[_key(row)]}))
    return faults


def _too_long(row: Row) -> Iterable[Fault]:
    for field, most in LONGEST.items():
        # Folding can lengthen a name (㈱ becomes three signs), and what is compared must fit as well.
        text = row[field]
        if not text or len(text) * WIDEST <= most:
            continue
        if len(text) > most or (not text.isascii() and len(fold_name(text)) > most):
            yield Fault(row["line"], field, "too_long", mark("文字太长，最多%(most)s个字"), {"most": most})
    if any(len(part) > LONGEST_PART for part in row["sub_items"]):
        yield Fault(
            row["line"],
            "sub_items",
            "part_too_long",
            mark("子项名称太长，最多%(most)s个字"),
            {"most": LONGEST_PART},
        )


def read_value(field: str, value: str) -> Any:
    """A typed-in value in the form rows hold it; raises ValueError when the field cannot take it."""
    tidy = " ".join(value.split())
    if field == "type":
        kind = read_type(tidy)
        if kind is None:
            raise ValueError(field)
        return kind.label
    if field == "mode":
        mode = Mode(tidy) if tidy in _MODES else read_mode(tidy)
        if mode is None:
            raise ValueError(field)
        return mode.value
    if field == "seq":
        if not tidy.isdecimal() or not 1 <= int(tidy) <= HIGHEST_SEQ:
            raise ValueError(field)
        return int(tidy)
    if field not in SETTABLE or not tidy or len(fold_name(tidy)) > LONGEST[field]:
        raise ValueError(field)
    return tidy


def _key(row: Row) -> str:
    return identity("", row["department"] or "", row["name"], row["code"] or "")
