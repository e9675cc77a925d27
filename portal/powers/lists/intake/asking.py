"""What the rows raise beyond the document's own problems, as they stand after the answers so far.

A department may be unknown, two names may turn out to be one matter, a remark may name a place that the list
does not reach. Such questions come and go with the answers given to others and with the list aimed at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.db import db
from portal.errors import Refused
from portal.foundation.imports.models import ImportedTable, Question
from portal.foundation.imports.rules import QuestionKind
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import fold
from portal.i18n import mark
from portal.powers.lists.intake.rules import Row, check_rows
from portal.powers.lists.models import PowerList
from portal.powers.lists.scopes import Resolver

RAISED = frozenset(
    {
        "name_missing",
        "type_missing",
        "mode_missing",
        "seq_odd",
        "matter_double",
        "too_long",
        "part_too_long",
        "department_unknown",
        "scope_unknown",
    }
)
"""Codes of questions that the rows themselves raise: unanswered ones go when their rows raise them no more."""

UNKNOWN_DEPARTMENT = mark("还没有登记过“%(name)s”。请说明它是哪个已登记的单位，或者登记为新单位。")
MOST_AT_ONCE = 200
"""So many are asked at once; more of them come up as these are answered."""


@dataclass(frozen=True)
class Raised:
    """A question that the rows raise as they stand."""

    code: str
    field: str
    lines: tuple[int, ...]
    text: str
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def question(self) -> Question:
        """The record to store."""
        return Question(
            kind=QuestionKind.PROBLEM,
            code=self.code,
            line=self.lines[0],
            field=self.field,
            message=self.text % self.values,
            data={**self.data, "lines": list(self.lines), "say": [self.text, dict(self.values)]},
        )


def ask_further(table: ImportedTable, rows: Sequence[Row]) -> None:
    """Bring the table's questions up to its rows: ask what they raise, take back what they raise no more.

    What was answered stays, and what is still open about the same field of a row is settled first.
    """
    _reconcile(table, [*_raised(table, rows), *_unknown_places(table, rows)], RAISED)


def ask_places(table: ImportedTable, rows: Sequence[Row]) -> None:
    """The same for the places in remarks alone: the rows are as they were, the list aimed at is another."""
    _reconcile(table, list(_unknown_places(table, rows)), frozenset({"scope_unknown"}))


def _reconcile(table: ImportedTable, raised: Sequence[Raised], codes_raised: frozenset[str]) -> None:
    standing = {(each.code, line) for each in raised for line in each.lines}
    codes = {each.code for each in raised}
    for question in [each for each in table.questions if each.answer is None and each.code in codes_raised]:
        lines = question.data.get("lines") or ()
        stands = any((question.code, line) in standing for line in lines) if lines else question.code in codes
        if not stands:
            table.questions.remove(question)
    open_places = _open_places(table.questions)
    new = [each for each in raised if not _asked_already(each, open_places)]
    table.questions.extend(each.question() for each in new[:MOST_AT_ONCE])
    db.session.flush()


def official_names(rows: Sequence[Row], bodies: Mapping[str, Organisation]) -> list[Row]:
    """The rows with departments by the official names of those that are known, so that an alias is no other."""
    names = {key: body.name for key, body in bodies.items()}
    found = []
    for row in rows:
        printed = row["department"] or ""
        official = names.get(fold(printed), printed)
        found.append(row if official == printed else {**row, "department": official})
    return found


def _open_places(questions: Iterable[Question]) -> set[tuple[str, int]]:
    """Field and line of every open question, line 0 for the whole table; places of scopes by their code."""
    return {
        ("scope_unknown" if question.code == "scope_unknown" else question.field, line)
        for question in questions
        if question.answer is None
        for line in question.data.get("lines") or (0,)
    }


def _asked_already(raised: Raised, open_places: set[tuple[str, int]]) -> bool:
    key = "scope_unknown" if raised.code == "scope_unknown" else raised.field
    return (key, 0) in open_places or any((key, line) in open_places for line in raised.lines)


def _raised(table: ImportedTable, rows: Sequence[Row]) -> Iterable[Raised]:
    bodies = organisations.by_name(table.upload.place)
    for fault in check_rows(official_names(rows, bodies)):
        if fault.code:
            yield Raised(fault.code, fault.field, (fault.line,), fault.text, fault.values)
    yield from _unknown_departments(rows, bodies)


def _unknown_departments(rows: Sequence[Row], bodies: Mapping[str, Organisation]) -> Iterable[Raised]:
    unknown: dict[str, list[int]] = {}
    for row in rows:
        name = row["department"]
        if name and fold(name) not in bodies:
            unknown.setdefault(name, []).append(row["line"])
    for name, lines in unknown.items():
        yield Raised(
            "department_unknown",
            "department",
            tuple(lines),
            UNKNOWN_DEPARTMENT,
            {"name": name},
            {"name": name},
        )


def _unknown_places(table: ImportedTable, rows: Sequence[Row]) -> Iterable[Raised]:
    """One question for all rows whose remark has the same exceptions with a place the list does not know."""
    power_list = db.session.get(PowerList, table.target_id) if table.target_id else None
    if power_list is None:
        return
    resolver = Resolver(power_list.place, power_list.scope.members)
    alike: dict[str, list[Row]] = {}
    for row in rows:
        if row["exceptions"]:
            alike.setdefault(repr((row["exceptions"], row["sub_items"])), []).append(row)
    for found in alike.values():
        try:
            resolver.resolve(found[0]["exceptions"])
        except Refused as refused:
            data = {
                "mode": found[0]["mode"],
                "exceptions": found[0]["exceptions"],
                "sub_items": found[0]["sub_items"],
            }
            lines = tuple(row["line"] for row in found)
            yield Raised("scope_unknown", "remark", lines, refused.sentence, refused.values, data)
