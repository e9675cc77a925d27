"""The duty to settle what was stopped by an adjustment, and the revision that does it."""

from __future__ import annotations

from collections.abc import Sequence

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as owed
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.rules import State
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import mark
from portal.powers.lists.adjusting import queries as adjusting
from portal.powers.matters.models import Matter
from portal.powers.suspensions import papers, queries, telling
from portal.powers.suspensions.models import Suspension
from portal.powers.suspensions.queries import ADDRESS, SUBJECT

SUSPENSION = register_kind(DeadlineKind("suspension", mark("紧急停办后的调整")))


def follow(revision: Revision) -> None:
    """After a list is published or closed: what it changes or withdraws is stopped no longer, from its day on.

    Whatever an earlier revision settled is looked at again: one that holds sooner takes the change along, and when
    nothing that was public since stays, the matter is stopped as it was before (P-3).
    """
    if revision.subject is not Subject.LIST:
        return
    changed = adjusting.of_powers(revision)
    for each in queries.lasting(revision.subject_id):
        if each.matter_id in changed:
            each.ended_on, each.revision_number = revision.effective_on, revision.number
            met(each, by=revision.proposal.decided_by)
    later = [
        each
        for each in publishing.revisions(revision.subject, revision.subject_id)
        if each.state is RevisionState.PUBLISHED and not each.entered
    ]
    for each in queries.settled(revision.subject_id):
        _again(each, [found for found in later if found.number >= (each.revision_number or 0)])
    db.session.flush()
    if revision.state is RevisionState.CLOSED and queries.of_list(revision.subject_id, clock.today()):
        papers.anew(revision.subject_id)


def _again(suspension: Suspension, standing: Sequence[Revision]) -> None:
    """Count the end of a settled stop anew, from the revisions since its settling that still stand.

    Where none does, it is owed and told as a new one is: a revision is closed once, so each return is told once. Where
    one does that begins later, the matter is stopped again until then, and that is told too.
    """
    closed, was = suspension.revision_number, suspension.ended_on
    if standing:
        suspension.revision_number = min(each.number for each in standing)
        suspension.ended_on = min(each.effective_on for each in standing)
        if closed is not None and was is not None and was <= clock.today() < suspension.ended_on:
            telling.tell_again(suspension, db.session.get_one(Matter, suspension.matter_id), closed)
        return
    if queries.beside(suspension, clock.today()):
        return
    suspension.ended_on, suspension.revision_number = None, None
    for each in owed.of(SUBJECT, suspension.id):
        if each.state is State.FULFILLED:
            deadlines.renew(each, reason=f"了结它的第{closed}版已经关闭，停办恢复", by=None)
    if closed is not None:
        telling.tell_again(suspension, db.session.get_one(Matter, suspension.matter_id), closed)


def met(suspension: Suspension, *, by: Account | None) -> None:
    """It was settled today."""
    for each in owed.of(SUBJECT, suspension.id):
        if each.state.running:
            deadlines.fulfil(each, on=clock.today(), by=by)


def _record(suspension_id: int) -> Record | None:
    suspension = queries.get(suspension_id)
    return Record(f"紧急停办：{suspension.name}", f"{ADDRESS}/") if suspension else None


register_subject(SUBJECT, _record)
