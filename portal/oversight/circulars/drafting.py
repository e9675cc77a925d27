"""A circular is put together: its content from the ledger, then its files from its content."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.policies.models import Policy
from portal.foundation.workdays import queries as workdays
from portal.oversight.circulars import papers, queries, rules
from portal.oversight.circulars.models import Circular, CircularFile
from portal.powers.lists.exports.form import write_pdf
from portal.powers.lists.exports.making import made
from portal.powers.lists.exports.word import write_docx

WRITERS = {"pdf": write_pdf, "docx": write_docx}


def draft(policy: Policy, *, begin: date, end: date, by: Account, by_clock: bool = False) -> Circular:
    """The circular as the rows are now, with its files: what `make` asks for and what a standing order has made.

    Who asks has the right, or had it when the order was given (`by_clock`). Refused as `make`.
    """
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
        by_clock=by_clock,
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
