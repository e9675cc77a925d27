"""When each deadline was urged last."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.rules import EventKind
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may


def may_urge(deadline: Deadline, account: Account) -> bool:
    """Whether the account manages the deadline and it is another unit's; whether it is late is another question."""
    manages = may(account, Right.MANAGE_DEADLINES, organisation=deadline.owed_by)
    return manages and deadline.owed_by_id not in account.unit_ids


def urged_on(deadline_ids: Collection[int]) -> Mapping[int, date]:
    """The last day on which each was urged, by its id; those never urged are left out."""
    found = db.session.execute(
        select(DeadlineEvent.deadline_id, func.max(DeadlineEvent.happened_on))
        .where(DeadlineEvent.deadline_id.in_(list(deadline_ids)), DeadlineEvent.kind == EventKind.URGED)
        .group_by(DeadlineEvent.deadline_id)
    )
    return {row[0]: row[1] for row in found}
