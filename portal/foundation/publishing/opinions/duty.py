"""The duty to answer by a day, and what becomes of it when the thing is public (T-1)."""

from __future__ import annotations

from portal import clock
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.opinions import queries
from portal.foundation.publishing.opinions.queries import ADDRESS, SUBJECT
from portal.i18n import mark

OPINION = register_kind(DeadlineKind("opinion", mark("征求意见")))
DECIDED = mark("已经公布，不用再回复")


def met(opinion_id: int, *, by: Account) -> None:
    """The body has answered today."""
    for each in deadlines.of(SUBJECT, opinion_id):
        if each.state.running:
            service.fulfil(each, on=clock.today(), by=by)


def decided(proposal: Proposal) -> None:
    """It is public: nobody need say any more what they think of it."""
    asked = queries.rounds(proposal.subject, proposal.subject_id, proposal.base_number)
    ids = [opinion.id for each in asked for opinion in each.opinions]
    for each in deadlines.of_many(SUBJECT, ids):
        if each.state.running:
            service.cancel(each, reason=DECIDED, by=proposal.decided_by)


def carried_on(revision: Revision) -> None:
    """An older state was entered, which takes a number: who is asked about the next adjustment is asked as before."""
    for each in queries.rounds(revision.subject, revision.subject_id, revision.number - 1):
        each.base_number = revision.number


def _record(opinion_id: int) -> Record | None:
    opinion = queries.get(opinion_id)
    if opinion is None:
        return None
    return Record(f"{opinion.organisation.name}对《{opinion.round.title}》的意见", f"{ADDRESS}/{opinion.id}/")


register_subject(SUBJECT, _record)
