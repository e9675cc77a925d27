"""Questions about an annex as forms: what can be answered, and an answer read from what was sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from admin.foundation.lookups import ORGANISATIONS
from admin.labels import label
from admin.powers.scopes import read_exceptions, written
from portal.foundation.imports.models import ImportedTable, Question
from portal.powers.lists.intake.rules import ACTIONS, Action, Row
from portal.powers.lists.intake.settling import rows_of
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType

ACTION_WORDS = {
    Action.SET: _("改成"),
    Action.DROP: _("这一行不要"),
    Action.ACCEPT: _("就按现在的样子"),
    Action.CONFIRM: _("读得对"),
    Action.CHANGE: _("应当这样读"),
    Action.USE: _("就是这个单位"),
    Action.CREATE: _("是新单位，登记下来"),
}
FIELD_WORDS = {
    "seq": _("序号"),
    "department": _("部门"),
    "code": _("编码"),
    "name": _("事项名称"),
    "type": _("事项类型"),
    "mode": _("放权方式"),
    "remark": _("备注"),
    "notes": _("注"),
    "totals": _("总数"),
    "mode_label": _("文件中的叫法"),
    "sub_items": _("子项"),
}
MOST_ROWS = 60


@dataclass(frozen=True)
class Shown:
    """A question as the page shows it."""

    question: Question
    sentence: str
    where: str
    matters: Sequence[str]
    actions: Sequence[tuple[str, Any]]
    value: str
    options: Sequence[tuple[str, Any]]
    reading: Sequence[Mapping[str, Any]]
    """How the remark was read, or what a person answered."""
    typed: Sequence[Mapping[str, Any]]
    """The same as rows of the form, or what was typed there."""
    sub_items: Sequence[str]
    settled: str
    sent: MultiDict[str, str]
    """What was typed when the answer could not be taken; empty otherwise."""


def rows_by_line(table: ImportedTable) -> dict[int, Row]:
    """The table's rows as read, by the line a person would count."""
    return {row["line"]: row for row in table.content["rows"]}


def shown(question: Question, rows: Mapping[int, Row], sent: MultiDict[str, str] | None = None) -> Shown:
    """The question with its rows, what can be done, and what was answered; `sent` is shown again as typed."""
    lines = list(question.data.get("lines", ()))
    found = [rows[line] for line in lines if line in rows]
    issuer = question.table.upload.place
    reading = (question.answer if _changed(question) else question.data) or {}
    read = [{"places": written(each, issuer), "mode": each["mode"]} for each in reading.get("exceptions", ())]
    typed = read
    if sent and sent.get("action") == Action.CHANGE:
        typed = [{"places": places, "mode": mode} for places, mode in _pairs(sent)]
        reading = {"sub_items": sent.get("sub_items", "").splitlines()}
    printed = str(found[0].get(question.field) or "") if found else ""
    return Shown(
        question=question,
        sentence=_sentence(question),
        where="、".join(map(str, lines)),
        matters=[row["name"] for row in found],
        actions=[(action.value, ACTION_WORDS[action]) for action in _actions(question)],
        value=sent.get("value", printed) if sent else printed,
        options=_options(question.field),
        reading=read,
        typed=typed,
        sub_items=list(reading.get("sub_items", ())),
        settled=_settled(question),
        sent=sent or MultiDict(),
    )


def _sentence(question: Question) -> str:
    """What is asked, in the reader's language; quoted text of the file stays as it is."""
    text, values = question.data.get("say") or ("", {})
    return str(gettext(text) % values) if text else question.message


def _changed(question: Question) -> bool:
    return (question.answer or {}).get("action") == Action.CHANGE


def _actions(question: Question) -> Sequence[Action]:
    return ACTIONS.get(question.code, (Action.ACCEPT,))


def _options(field: str) -> list[tuple[str, Any]]:
    if field == "mode":
        return [(mode.value, label(mode)) for mode in Mode]
    if field == "type":
        return [(kind.label, kind.label) for kind in MatterType]
    return []


def _settled(question: Question) -> str:
    answer = question.answer
    if answer is None:
        return ""
    action = Action(answer["action"])
    words = str(ACTION_WORDS[action])
    detail = answer.get("value") or answer.get("reason") or answer.get("organisation") or ""
    if question.field == "mode" and action is Action.SET:
        detail = label(Mode(detail))
    return gettext("%(words)s：%(detail)s", words=words, detail=detail) if detail else words


def answer_of(question: Question, sent: MultiDict[str, str]) -> dict[str, Any]:
    """The answer as the service takes it (intake/rules.py), from the form's fields; the service checks it."""
    action = sent.get("action", "")
    if action == Action.SET:
        return {"action": action, "value": sent.get("value", "")}
    if action == Action.ACCEPT:
        return {"action": action, "reason": sent.get("reason", "")}
    if action == Action.USE:
        body, _others = ORGANISATIONS.settle(sent.get("organisation", "").strip())
        return {"action": action, "organisation_id": body.id if body else None}
    if action == Action.CHANGE:
        rows = [{"places": places, "mode": mode} for places, mode in _pairs(sent)]
        read = read_exceptions(rows, question.table.upload.place)
        parts = sent.get("sub_items", "").splitlines()
        return {"action": action, "exceptions": read, "sub_items": parts}
    return {"action": action}


def _pairs(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """The rows of exceptions that were filled in, at most MOST_ROWS."""
    rows = zip(sent.getlist("places")[:MOST_ROWS], sent.getlist("mode")[:MOST_ROWS], strict=False)
    return [(places, mode) for places, mode in rows if places.strip() or mode]


def totals_shown(table: ImportedTable) -> list[dict[str, Any]]:
    """What the document says it hands down beside what the settled rows hold (P-4)."""
    rows = rows_of(table)
    declared = table.content["totals"]
    modes = Counter(row["mode"] for row in rows)
    kinds = Counter(row["type"] for row in rows)
    found = [{"what": gettext("合计"), "counted": len(rows), "declared": declared.get("total")}]
    by_mode = declared.get("by_mode", {})
    found += [
        {"what": label(mode), "counted": modes[mode.value], "declared": by_mode.get(mode.value)}
        for mode in Mode
        if modes[mode.value] or mode.value in by_mode
    ]
    found += [
        {"what": name, "counted": kinds[name], "declared": number}
        for name, number in declared.get("by_type", {}).items()
    ]
    return found
