"""Telling organisations that something was made public, and whoever put it forward what became of it."""

from __future__ import annotations

from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import Told, also_told, publishable
from portal.foundation.publishing.rules import ProposalState
from portal.i18n import mark

PUBLISHED = mark("您送审的已经公布：%(title)s"), mark("另一个人已经批准，现在公众看得到了。")
RETURNED = mark("您送审的退回了：%(title)s"), mark("退回的原因：%(note)s。改好以后可以再送审。")
LONGEST_TITLE = 120


def answer(proposal: Proposal) -> None:
    """A notice to the person who put it forward: it is public, or it came back and why.

    In the name of a body of theirs; who has none reads it on the page of the proposal.
    """
    person = proposal.proposed_by
    if person.unit is None:
        return
    title, body = PUBLISHED if proposal.state is ProposalState.PUBLISHED else RETURNED
    notify(
        person.unit,
        key=f"proposal-{proposal.id}-{proposal.state}",
        title=title,
        body=body,
        address=f"/staff/proposals/{proposal.id}/",
        values={"title": proposal.title[:LONGEST_TITLE], "note": proposal.decision_note.rstrip("。")},
        kind=NoticeKind.PUBLICATION,
        account=person,
    )


def tell(revision: Revision) -> None:
    """A notice to each body that the publication's own slice or an upper one names."""
    for told in (*publishable(revision.subject).told(revision), *also_told(revision)):
        notify(
            told.organisation,
            key=_occasion(revision, told),
            title=told.title,
            body=told.body,
            address=told.address,
            values=told.values,
            kind=NoticeKind.PUBLICATION,
        )


def _occasion(revision: Revision, told: Told) -> str:
    """The key of what a body is told: one for each topic of a publication."""
    key = f"{revision.subject}-{revision.subject_id}-{revision.number}-{told.organisation.id}"
    return f"{key}-{told.topic}" if told.topic else key
