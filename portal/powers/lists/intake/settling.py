"""Settling what is asked about a table, and the rows that follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal import clock
from portal.db import db
from portal.errors import Conflict, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.imports.models import ImportedTable, Question
from portal.foundation.imports.rules import QuestionKind, TableState
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations import service as organisations_service
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.powers.lists.intake.asking import ask_further
from portal.powers.lists.intake.bulk import many_rows
from portal.powers.lists.intake.rules import (
    ACTIONS,
    LONGEST_PART,
    Action,
    Asked,
    Row,
    read_value,
    settle_rows,
)
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import Mode
from portal.powers.lists.scopes import Resolver


@dataclass(frozen=True)
class Reply:
    """What somebody answers to a question."""

    question: Question
    answer: dict[str, Any]
    by: Account


Check = Callable[[Reply], dict[str, Any]]
"""Looks at an answer to a question and gives it in the form that is kept; raises Refused."""


@many_rows()
def settle(question_id: int, answer: dict[str, Any], *, by: Account) -> Question:
    """Answer a question (the forms are in rules.py); a new answer replaces the old one.

    The answer may raise further questions, or settle others. Refused with a sentence for an answer that this
    question cannot take; Conflict once the table was taken over into its list.
    """
    question = _open_question(question_id, by)
    _answer(question, answer, by)
    ask_further(question.table, rows_of(question.table))
    return question


def reopen(question_id: int, *, by: Account) -> Question:
    """Take an answer back."""
    question = _open_question(question_id, by)
    question.answer, question.settled_by_id, question.settled_at = None, None, None
    ask_further(question.table, rows_of(question.table))
    return question


def confirm_all(table: ImportedTable, *, by: Account) -> int:
    """Confirm every understood remark that nobody has answered yet; gives how many."""
    require(by, Right.EDIT_LISTS, table.upload.place_id)
    still_open(table)
    waiting = [q for q in table.questions if q.kind is QuestionKind.PROPOSAL and q.answer is None]
    for question in waiting:
        _answer(question, {"action": Action.CONFIRM}, by)
    # The rows stay as they were read, so there is nothing further to ask.
    db.session.flush()
    return len(waiting)


def unsettled(table: ImportedTable) -> list[Question]:
    """What still blocks the table."""
    return [question for question in table.questions if question.answer is None]


def rows_of(table: ImportedTable) -> list[Row]:
    """The table's rows as the answers make them; what was asked later has the last word."""
    questions = sorted(table.questions, key=lambda question: question.id)
    return settle_rows(table.content["rows"], [_asked(question) for question in questions])


def receivers_of(table: ImportedTable) -> Sequence[str]:
    """The receivers that a confirmed note names."""
    for question in table.questions:
        if question.code == "receivers_named" and (question.answer or {}).get("action") == Action.CONFIRM:
            return list(question.data["receivers"])
    return []


def waiver_of(table: ImportedTable) -> str:
    """Why totals that differ were accepted; empty when none were."""
    reasons = [
        question.answer["reason"]
        for question in table.questions
        if question.code == "totals_differ" and question.answer is not None
    ]
    return "；".join(dict.fromkeys(reasons))


def _asked(question: Question) -> Asked:
    return Asked(
        code=question.code,
        field=question.field,
        lines=tuple(question.data.get("lines", ())),
        data=question.data,
        answer=question.answer,
    )


def _answer(question: Question, answer: dict[str, Any], by: Account) -> None:
    question.answer = _checked(Reply(question, answer, by))
    question.settled_by_id, question.settled_at = by.id, clock.now()


def _open_question(question_id: int, by: Account) -> Question:
    question = db.session.get(Question, question_id)
    if question is None:
        raise NotFound("没有这个问题。")
    require(by, Right.EDIT_LISTS, question.table.upload.place_id)
    still_open(question.table)
    return question


def still_open(table: ImportedTable) -> None:
    """Raise Conflict for a table that was taken over into its list already."""
    if table.state is not TableState.OPEN:
        raise Conflict("这份表已经并入清单，不能再改答案。要改，请重新交一次文件。", code="applied")


def _checked(reply: Reply) -> dict[str, Any]:
    action = reply.answer.get("action")
    if action not in ACTIONS.get(reply.question.code, (Action.ACCEPT,)):
        raise Refused("这个问题不能这样处理，请从给出的办法里选一个。", code="action")
    return _CHECKS[Action(action)](reply)


def _set(reply: Reply) -> dict[str, Any]:
    field = str(reply.answer.get("field") or reply.question.field)
    value = str(reply.answer.get("value", ""))
    try:
        return {"action": Action.SET, "field": field, "value": read_value(field, value)}
    except ValueError:
        raise Refused("“%(value)s”填在这里不行，请按提示重新填写。", code="value", value=value) from None


def _accept(reply: Reply) -> dict[str, Any]:
    reason = str(reply.answer.get("reason", "")).strip()
    if not reason:
        raise Refused("请写明理由，以后查得到。", code="reason")
    return {"action": Action.ACCEPT, "reason": reason}


def _change(reply: Reply) -> dict[str, Any]:
    exceptions = []
    for each in reply.answer.get("exceptions", ()):
        if each.get("mode") not in set(Mode) or not (each.get("places") or each.get("groups")):
            raise Refused("每条例外都要有地方和方式。", code="exceptions")
        exceptions.append(
            {
                "places": list(each.get("places", ())),
                "groups": list(each.get("groups", ())),
                "mode": each["mode"],
            }
        )
    target = (
        db.session.get(PowerList, reply.question.table.target_id) if reply.question.table.target_id else None
    )
    if target is not None:
        Resolver(target.place, target.scope.members).resolve(exceptions)
    parts = [str(part).strip() for part in reply.answer.get("sub_items", ()) if str(part).strip()]
    if any(len(part) > LONGEST_PART for part in parts):
        raise Refused("子项名称最多 %(most)s 个字。", code="sub_items", most=LONGEST_PART)
    return {"action": Action.CHANGE, "exceptions": exceptions, "sub_items": parts}


def _use(reply: Reply) -> dict[str, Any]:
    """The printed name becomes an alias, so that the next annex knows it."""
    body = db.session.get(Organisation, reply.answer.get("organisation_id") or 0)
    place = reply.question.table.upload.place
    if body is None or body.place_id != place.id:
        raise Refused("请选择%(place)s的一个单位。", code="organisation", place=place.name)
    known = organisations.named(place, reply.question.data["name"])
    if known is None:
        organisations_service.add_alias(body, reply.question.data["name"], by=reply.by)
    elif known.id != body.id:
        raise Conflict("“%(name)s”已经登记为另一个单位。", name=reply.question.data["name"])
    return {"action": Action.USE, "organisation": body.name}


def _create(reply: Reply) -> dict[str, Any]:
    place = reply.question.table.upload.place
    body = organisations.named(place, reply.question.data["name"])
    if body is None:
        body = organisations_service.add(place, reply.question.data["name"], by=reply.by)
    return {"action": Action.USE, "organisation": body.name}


def _plain(action: Action) -> Check:
    return lambda _reply: {"action": action}


_CHECKS: dict[Action, Check] = {
    Action.SET: _set,
    Action.DROP: _plain(Action.DROP),
    Action.ACCEPT: _accept,
    Action.CONFIRM: _plain(Action.CONFIRM),
    Action.CHANGE: _change,
    Action.USE: _use,
    Action.CREATE: _create,
}
