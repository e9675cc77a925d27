"""The duty to make public in time (P-6): owed from the day of the document or of the change, met by publication.

政府信息公开条例 26: within 20 working days from the day on which the information was made or changed. A first revision
and an older state entered afterwards count from their policy's day, every other from the day on which the change was
put forward.
"""

from __future__ import annotations

from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.periods import period
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import ProposalState
from portal.i18n import mark

SUBJECT = "proposal"
PUBLICATION = register_kind(DeadlineKind("publication", mark("信息公开"), shown=True))


def owed(proposal: Proposal, *, by: Account) -> None:
    """Open the duty to publish what was put forward; nothing where no body is known that could owe it."""
    facts = publishable(proposal.subject).owes(proposal.subject_id)
    unit = facts.owed_by or by.unit
    if unit is None:
        return
    past = not proposal.base_number or proposal.rank is not None
    first = facts.formed_on if past else None
    said = period(PUBLICATION.name)
    service.open(
        PUBLICATION,
        subject=(SUBJECT, proposal.id),
        owed_by=unit,
        place=facts.place,
        list_id=facts.list_id,
        title=f"公布《{proposal.title}》"[:255],
        begin=first or clock.today(),
        terms=said.terms,
        basis=said.basis,
        by=by,
    )


def met(proposal: Proposal) -> None:
    """It is public: the duty is done today, by whoever approved."""
    for each in _running(proposal):
        service.fulfil(each, on=clock.today(), by=proposal.decided_by)


def dropped(proposal: Proposal, *, by: Account | None, reason: str) -> None:
    """It was taken back or sent back: there is nothing to make public."""
    for each in _running(proposal):
        service.cancel(each, reason=reason, by=by)


def _running(proposal: Proposal) -> list[Deadline]:
    return [each for each in deadlines.of(SUBJECT, proposal.id) if each.state.running]


def _record(proposal_id: int) -> Record | None:
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None:
        return None
    public = proposal.state is ProposalState.PUBLISHED
    return Record(proposal.title, f"/staff/proposals/{proposal.id}/", public)


register_subject(SUBJECT, _record)
