"""Renewing in time: while a memorandum has a last day, both its bodies owe a new wording by then (Y-3, T-1).

A new wording that is made public does it; where the memorandum is ended, or its revision closed, nothing is owed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.reminding.rules import Steps
from portal.foundation.deadlines.rules import LONGEST, Terms
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import mark
from portal.powers.memoranda.models import Memorandum

SUBJECT = "memorandum_term"
"""What deadlines call the revision whose term ends."""

RENEWAL = register_kind(DeadlineKind(SUBJECT, mark("备忘录续签"), Steps(before=(60, 30, 7, 1, 0))))
ENDED = mark("备忘录已经终止，或者这一版已经关闭")
HOLDS_AGAIN = mark("后面的一版已经关闭，又用到这一版的有效期")
LONGEST_TITLE = 255


def follow(revision: Revision) -> None:
    """After a memorandum is published or closed: what its bodies owe now, and what they no longer do."""
    if revision.subject is Subject.MEMORANDUM:
        memorandum = db.session.get_one(Memorandum, revision.subject_id)
        by = revision.closed_by or revision.proposal.decided_by
        newest = publishing.newest(Subject.MEMORANDUM, memorandum.id)
        last = newest is None or newest.order < revision.order
        settle(memorandum, by=by, again=last and revision.state is RevisionState.CLOSED)


def settle(memorandum: Memorandum, *, by: Account | None, again: bool = False) -> None:
    """Let both bodies owe the renewal of the newest wording, and end what was owed of others.

    `again`: the newest one was closed, and what it had met is owed once more.
    """
    issued = {each.id: each for each in publishing.revisions(Subject.MEMORANDUM, memorandum.id)}
    newest = publishing.newest(Subject.MEMORANDUM, memorandum.id)
    lasts = newest is not None and memorandum.ended_on is None
    for each in deadlines.of_many(SUBJECT, issued):
        closed = issued[each.subject_id].state is RevisionState.CLOSED
        if not each.state.running or (lasts and newest is not None and each.subject_id == newest.id):
            continue
        if lasts and not closed:
            service.fulfil(each, on=clock.today(), by=by)
        else:
            service.cancel(each, reason=ENDED, by=by)
    if newest is not None and lasts:
        _owe(memorandum, newest, by=by, again=again)


def open_lacking() -> int:
    """Open what is not owed yet: of terms that were public before, or too far off then; gives how many are new."""
    wanted = (
        select(Revision)
        .join(Memorandum, Memorandum.id == Revision.subject_id)
        .where(
            Revision.subject == Subject.MEMORANDUM,
            Revision.state == RevisionState.PUBLISHED,
            Memorandum.ended_on.is_(None),
        )
        .order_by(Revision.number)
    )
    newest = {each.subject_id: each for each in db.session.scalars(wanted)}
    owed = {each.subject_id for each in deadlines.of_many(SUBJECT, (each.id for each in newest.values()))}
    lacking = [each for each in newest.values() if each.id not in owed]
    return sum(
        len(_owe(db.session.get_one(Memorandum, each.subject_id), each, by=None, again=False))
        for each in lacking
    )


def last_day(revision: Revision) -> date | None:
    """The last day of the term that a revision says; None where it says none."""
    said = revision.content["valid_until"]
    return date.fromisoformat(said) if said else None


def _owe(
    memorandum: Memorandum, revision: Revision, *, by: Account | None, again: bool
) -> Sequence[Deadline]:
    """What both bodies owe; nothing without a last day, and not yet for one that is more than ten years off."""
    until, today = last_day(revision), clock.today()
    if until is None or until - today > timedelta(days=LONGEST):
        return []
    owed = [
        service.open(
            RENEWAL,
            subject=(SUBJECT, revision.id),
            owed_by=body,
            place=memorandum.place,
            title=f"续签{memorandum.title}"[:LONGEST_TITLE],
            begin=min(today, until),
            terms=Terms.fixed(until),
            basis="备忘录写明的有效期",
            by=by,
        )
        for body in (memorandum.bureau, memorandum.department)
    ]
    for each in owed:
        if again and not each.state.running:
            service.renew(each, reason=HOLDS_AGAIN, by=by)
    return owed


def _record(revision_id: int) -> Record | None:
    revision = db.session.get(Revision, revision_id)
    if revision is None:
        return None
    return Record(revision.title, f"/staff/memoranda/{revision.subject_id}/")


register_subject(SUBJECT, _record)
