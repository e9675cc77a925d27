"""What the person's own side has put forward and somebody else has to decide, or the background still publishes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import defer, joinedload

from admin.home.desk import FIRST, Desk
from admin.powers.whose import of_places
from portal.db import db
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.queries import OPEN
from portal.foundation.rights.rules import Right


def proposals(desk: Desk) -> Sequence[Proposal]:
    """The oldest of them: one's own, and of lists and places that one edits; nothing of others' that one may decide."""
    if not desk.may(Right.EDIT_LISTS, Right.EDIT_PLACE):
        return ()
    own = Proposal.proposed_by_id == desk.account.id
    lists = desk.places(Right.EDIT_LISTS) if desk.may(Right.EDIT_LISTS) else frozenset()
    ours = or_(own, of_places(Proposal, lists, desk.below(Right.EDIT_PLACE)))
    wanted = (
        select(Proposal)
        .where(Proposal.state.in_(OPEN), own if desk.may(Right.APPROVE) else ours)
        .options(joinedload(Proposal.proposed_by), defer(Proposal.difference))
        .order_by(Proposal.id)
    )
    return db.session.scalars(wanted.limit(FIRST)).all()
