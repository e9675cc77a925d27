"""Verbs of asking around: ask bodies for their opinion by a day, answer (P-5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import BinaryIO

from flask import current_app
from sqlalchemy import CursorResult, update

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.rules import Terms
from portal.foundation.files import service as files
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.opinions import duty, queries, telling
from portal.foundation.publishing.opinions.models import Opinion, OpinionRound
from portal.foundation.publishing.opinions.rules import Stance
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import bound, document_hash

LONGEST_DAYS = 366
LONGEST_TITLE = 255


def ask(
    subject: Subject,
    subject_id: int,
    bodies: Sequence[Organisation],
    until: date,
    *,
    by: Account,
    question: str = "",
) -> OpinionRound:
    """Ask bodies what they think of the working copy as it stands; each owes an answer by the day.

    Refused without bodies, for a day that is not to come or over a year off, of an older state (补录), which is what it
    was, and when nothing differs from the newest revision; Forbidden for whoever could not put it forward; Conflict
    when it is put forward already.
    """
    kind = publishable(subject)
    kind.require(by, subject_id)
    _open_to_opinions(subject, subject_id)
    wanted = _wanted(bodies, until)
    base = publishing.newest(subject, subject_id)
    digest = document_hash(kind.document(subject_id))
    if base is not None and base.hash == digest:
        raise Refused("内容和已公布的第 %(number)s 版一样，没有什么可以征求意见。", number=base.number)
    asked = OpinionRound(
        subject=subject,
        subject_id=subject_id,
        base_number=publishing.head_number(subject, subject_id),
        title=kind.title(subject_id)[:LONGEST_TITLE],
        question=question.strip(),
        content_hash=digest,
        difference=kind.difference(subject_id, base).stored(),
        asked_by=by,
        opinions=[Opinion(organisation=each) for each in wanted],
    )
    db.session.add(asked)
    db.session.flush()
    for opinion in asked.opinions:
        _owe(opinion, until, by=by)
        telling.tell_asked(opinion, until)
    return asked


def _open_to_opinions(subject: Subject, subject_id: int) -> None:
    if publishable(subject).becomes(subject_id) is not None:
        raise Refused("补录以前的版本不用征求意见。")
    bound(subject, subject_id)


def answer(
    opinion: Opinion,
    stance: Stance,
    words: str,
    *,
    by: Account,
    file: BinaryIO | None = None,
    name: str = "",
) -> Opinion:
    """Say what the body thinks, once, with a file where there is one; after its day too, and then it is late.

    Forbidden for other bodies' people; Refused for an objection or suggestion without words; Conflict when it was
    answered already, or is public meanwhile.
    """
    if not queries.may_answer(by, opinion):
        raise Forbidden("这是征求别的单位的意见，您不能回复。", code="other_unit")
    if stance.needs_words and not words.strip():
        raise Refused("不同意或者有建议的，请写明理由或者建议。")
    asked = opinion.round
    if publishing.head_number(asked.subject, asked.subject_id) != asked.base_number:
        raise Conflict("这次调整已经公布，不能再回复。", code="state")
    kept = None
    if file is not None:
        kept = files.store(file, name=name, limit=current_app.config["REMIT"].upload_limit)
    values = {
        "stance": stance,
        "words": words.strip(),
        "file_id": kept.id if kept else None,
        "answered_by_id": by.id,
        "answered_at": clock.now(),
    }
    statement = update(Opinion).where(Opinion.id == opinion.id, Opinion.stance.is_(None)).values(values)
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    if not (isinstance(result, CursorResult) and result.rowcount):
        raise Conflict("贵单位已经回复过了。", code="state")
    db.session.refresh(opinion)
    duty.met(opinion.id, by=by)
    telling.tell_asker(opinion)
    return opinion


def _wanted(bodies: Sequence[Organisation], until: date) -> list[Organisation]:
    """Each of the bodies once, if there are any and the day can be met."""
    if not bodies:
        raise Refused("请选征求哪些单位的意见。")
    today = clock.today()
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise Refused("回复的日期要晚于今天，最多一年以后。")
    return sorted(set(bodies), key=lambda each: each.id)


def _owe(opinion: Opinion, until: date, *, by: Account) -> None:
    asked = opinion.round
    facts = publishable(asked.subject).owes(asked.subject_id)
    deadlines.open(
        duty.OPINION,
        subject=(queries.SUBJECT, opinion.id),
        owed_by=opinion.organisation,
        owed_to=facts.owed_by,
        place=opinion.organisation.place,
        list_id=facts.list_id,
        title=f"回复对《{asked.title}》的意见"[:LONGEST_TITLE],
        begin=clock.today(),
        terms=Terms.fixed(until),
        by=by,
    )
