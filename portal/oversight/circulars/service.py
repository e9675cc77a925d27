"""Verbs on circulars: making one, which is kept as it was made, and publishing it."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.foundation.workdays import queries as workdays
from portal.oversight.circulars import papers, queries, rules
from portal.oversight.circulars.models import Circular, CircularFile
from portal.powers.lists.exports.form import write_pdf
from portal.powers.lists.exports.making import made
from portal.powers.lists.exports.word import write_docx

WRITERS = {"pdf": write_pdf, "docx": write_docx}


def make(policy: Policy, *, begin: date, end: date, by: Account) -> Circular:
    """Make the circular of a document's tasks in a period, both days included, with its files.

    It says what the rows say now of the state on the last day, and is never changed afterwards. Forbidden without
    MANAGE_TASKS; Refused for a period that ends before it begins or after today, or with nothing to tell of.
    """
    require(by, Right.MANAGE_TASKS, policy.place_id)
    today = clock.today()
    if not begin <= end <= today:
        raise Refused("起始日期不能晚于截止日期，截止日期不能晚于今天。")
    facts, history = queries.facts(policy.id, end, today)
    found = rules.lines(facts, begin, end, workdays.calendar())
    if not found:
        raise Refused("这一段时间没有可以通报的任务：要么都是历史，要么还没有开始。")
    circular = Circular(
        policy=policy,
        number=queries.next_number(policy.id),
        begins_on=begin,
        ends_on=end,
        content={
            **rules.stored(found, rules.units(found)),
            "history": history,
            "office": by.unit.name if by.unit else policy.issuer,
        },
        made_by=by,
        made_at=clock.now(),
    )
    db.session.add(circular)
    db.session.flush()
    circular.files = [_file(circular, ending) for ending in WRITERS]
    db.session.flush()
    return circular


def _file(circular: Circular, ending: str) -> CircularFile:
    file, reason = made(partial(_write, circular, ending), _name(circular, ending))
    return CircularFile(format=ending, file=file, reason=reason)


def _write(circular: Circular, ending: str, path: Path) -> None:
    WRITERS[ending](papers.paper(circular), path)


def _name(circular: Circular, ending: str) -> str:
    number = circular.policy.number
    return f"{number} 调度通报 第{circular.number}期 {circular.ends_on.isoformat()}.{ending}"


def publish(circular: Circular, *, by: Account) -> Circular:
    """Let everybody read it. Forbidden without APPROVE; Conflict for whoever made it, and when it is public already.

    Two people, as for everything that names who is behind (P-2).
    """
    require(by, Right.APPROVE, circular.policy.place_id)
    if circular.made_by_id == by.id:
        raise Conflict("公布要由另一个人来做，不能是编制的人本人。")
    if circular.published_at is not None:
        raise Conflict("这份通报已经公布了。")
    circular.published_at, circular.published_by = clock.now(), by
    db.session.flush()
    return circular
