"""Reading stamped approvals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.publishing.approvals.models import StampedApproval


def of(proposal_id: int, *, public: bool = False) -> Sequence[StampedApproval]:
    """The papers of a publication in the order in which they came; with `public` those that everybody may read."""
    wanted = select(StampedApproval).where(StampedApproval.proposal_id == proposal_id)
    if public:
        wanted = wanted.where(StampedApproval.public.is_(True))
    # Who added it is no business of public pages, which read this too.
    loaded = wanted.options(joinedload(StampedApproval.file))
    return db.session.scalars(loaded.order_by(StampedApproval.id)).all()


def one(proposal_id: int, approval_id: int) -> StampedApproval | None:
    """One paper of a publication."""
    return next((each for each in of(proposal_id) if each.id == approval_id), None)
