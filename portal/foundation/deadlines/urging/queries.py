"""When each deadline was urged last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.deadlines.models import DeadlineEvent
from portal.foundation.deadlines.rules import EventKind


def urged_on(deadline_ids: Collection[int]) -> Mapping[int, date]:
    """The last day on which each was urged, by its id; those never urged are left out."""
    found = db.session.execute(
        select(DeadlineEvent.deadline_id, func.max(DeadlineEvent.happened_on))
        .where(DeadlineEvent.deadline_id.in_(list(deadline_ids)), DeadlineEvent.kind == EventKind.URGED)
        .group_by(DeadlineEvent.deadline_id)
    )
    return {row[0]: row[1] for row in found}
