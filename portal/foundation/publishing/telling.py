"""Telling approvers what waits for them, whoever put it forward what became of it, bodies that something is public."""

from __future__ import annotations

from datetime import date

from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import able
from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import mark_done, notify
from portal.foundation.notifications.texts import Text
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.registry import Told, also_told, publishable
from portal.foundation.publishing.rules import ProposalState
from portal.foundation.rights.rules import Right
from portal.i18n import mark

LONGEST_TITLE = 120
_EXAMPLE = {
    "title": "纳入“市县同权”改革范围的相关行政权力事项清单",
    "name": "王敏",
    "day": date(2026, 3, 20),
    "note": "第 12 项的层级写错了",
}

WAITS = Text(
    NoticeKind.PUBLICATION,
    mark("请批准或退回：%(title)s"),
    mark("%(name)s已经送审，定于%(day)s生效。请看过改动和影响再决定；送审人自己不能批准。"),
    _EXAMPLE,
)
PUBLISHED = Text(
    NoticeKind.PUBLICATION,
    mark("您送审的已经公布：%(title)s"),
    mark("另一个人已经批准，现在公众看得到了。"),
    _EXAMPLE,
)
RETURNED = Text(
    NoticeKind.PUBLICATION,
    mark("您送审的退回了：%(title)s"),
    mark("退回的原因：%(note)s。改好以后可以再送审。"),
    _EXAMPLE,
)
texts.register(WAITS, PUBLISHED, RETURNED)


def waits(proposal: Proposal) -> None:
    """A notice to each who may decide it today, but not to whoever put it forward (P-2)."""
    for person in able(Right.APPROVE, publishable(proposal.subject).owes(proposal.subject_id).place):
        if person.id != proposal.proposed_by_id:
            _say(WAITS, proposal, person)


def decided(proposal: Proposal, *, by: Account) -> None:
    """Whoever decides it does not go on being told that it waits."""
    mark_done(_key(proposal, ProposalState.PROPOSED), by=by)


def answer(proposal: Proposal) -> None:
    """A notice to the person who put it forward: it is public, or it came back and why.

    In the name of a body of theirs; who has none reads it on the page of the proposal.
    """
    _say(PUBLISHED if proposal.state is ProposalState.PUBLISHED else RETURNED, proposal, proposal.proposed_by)


def _say(text: Text, proposal: Proposal, person: Account) -> None:
    if person.unit is None:
        return
    notify(
        person.unit,
        key=_key(proposal, proposal.state),
        title=text.title,
        body=text.body,
        address=f"/staff/proposals/{proposal.id}/",
        values={
            "title": proposal.title[:LONGEST_TITLE],
            "name": proposal.proposed_by.name,
            "day": proposal.effective_on,
            "note": proposal.decision_note.rstrip("。"),
        },
        kind=text.kind,
        account=person,
    )


def _key(proposal: Proposal, state: ProposalState) -> str:
    return f"proposal-{proposal.id}-{state}"


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
