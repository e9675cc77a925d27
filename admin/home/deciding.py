"""What waits for a second person: proposals, closings, plans, circulars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, select
from sqlalchemy.orm import defer, joinedload

from admin.home.desk import Desk, gathered
from admin.home.items import Item, Lot
from admin.powers.whose import of_places
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.foundation.policies.models import Policy
from portal.foundation.publishing.duty import PUBLICATION, SUBJECT
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState
from portal.foundation.rights.rules import Right
from portal.i18n import day
from portal.i18n import gettext as _
from portal.oversight.circulars.models import Circular
from portal.powers.handovers.models import HandoverFiling, HandoverPlan

EVERY = func.count().over()
"""How many rows there are, whatever the limit."""


def lots(desk: Desk) -> Iterator[Lot]:
    """What the person may decide, of others' alone (P-2)."""
    if desk.may(Right.APPROVE):
        yield _proposals(desk)
        yield _closings(desk)
        yield _circulars(desk)
    if desk.may(Right.REVIEW_PLANS):
        yield _plans(desk)


def _proposals(desk: Desk) -> Lot:
    own = desk.places(Right.APPROVE)
    owed = and_(
        LIVE,
        Deadline.kind == PUBLICATION.name,
        Deadline.subject_kind == SUBJECT,
        Deadline.subject_id == Proposal.id,
    )
    wanted = (
        select(Proposal, Deadline.due_on, EVERY)
        .outerjoin(Deadline, owed)
        .where(
            Proposal.state == ProposalState.PROPOSED,
            Proposal.proposed_by_id != desk.account.id,
            of_places(Proposal, own, own),
        )
        .options(joinedload(Proposal.proposed_by), defer(Proposal.difference))
        .order_by(Deadline.due_on.is_(None), Deadline.due_on, Proposal.id)
    )
    return gathered(_("批准或退回"), url_for("proposals.index"), wanted, _proposal)


def _proposal(row: Any) -> Item:
    found: Proposal = row[0]
    note = _("%(name)s送审，%(day)s生效", name=found.proposed_by.name, day=day(found.effective_on))
    address = url_for("proposals.show", proposal_id=found.id)
    return Item(_("批准或退回"), found.title, address, note, row[1])


def _closings(desk: Desk) -> Lot:
    own = desk.places(Right.APPROVE)
    wanted = (
        select(Revision.id, Revision.title, Revision.number, Revision.closed_reason, EVERY)
        .where(
            Revision.state == RevisionState.PUBLISHED,
            Revision.closing_asked_by_id.is_not(None),
            Revision.closing_asked_by_id != desk.account.id,
            of_places(Revision, own, own),
        )
        .order_by(Revision.id)
    )
    return gathered(_("批准关闭"), url_for("revisions.index"), wanted, _closing)


def _closing(row: Any) -> Item:
    title = f"{row.title}{_('，')}{_('第 %(number)s 版', number=row.number)}"
    return Item(_("批准关闭"), title, url_for("revisions.show", revision_id=row.id), row.closed_reason)


def _circulars(desk: Desk) -> Lot:
    wanted = (
        select(Circular, EVERY)
        .join(Circular.policy)
        .where(
            Circular.published_at.is_(None),
            Circular.set_aside_at.is_(None),
            Circular.made_by_id != desk.account.id,
            desk.at(Policy.place_id, Right.APPROVE),
        )
        .options(joinedload(Circular.policy), joinedload(Circular.made_by), defer(Circular.content))
        .order_by(Circular.id)
    )
    return gathered(_("公布或搁置"), url_for("circulars.index"), wanted, _circular)


def _circular(row: Any) -> Item:
    found: Circular = row[0]
    title = _("%(policy)s调度通报第%(number)s期", policy=found.policy.number, number=found.number)
    address = url_for("circulars.show", circular_id=found.id)
    return Item(_("公布或搁置"), title, address, _("%(name)s编制", name=found.made_by.name))


def _plans(desk: Desk) -> Lot:
    plan = joinedload(HandoverFiling.plan)
    wanted = (
        select(HandoverFiling, EVERY)
        .join(HandoverFiling.plan)
        .where(
            HandoverFiling.verdict.is_(None),
            HandoverFiling.filed_by_id != desk.account.id,
            desk.at(HandoverPlan.place_id, Right.REVIEW_PLANS),
        )
        .options(plan.joinedload(HandoverPlan.place), plan.joinedload(HandoverPlan.terms))
        .order_by(HandoverFiling.id)
    )
    return gathered(_("认可或退回"), url_for("handovers.index"), wanted, _plan)


def _plan(row: Any) -> Item:
    found: HandoverFiling = row[0]
    title = f"{_(found.plan.place.name)} {found.plan.terms.paper}"
    note = _("第 %(number)s 次报送", number=found.number)
    return Item(_("认可或退回"), title, url_for("handovers.show", plan_id=found.plan_id), note)
