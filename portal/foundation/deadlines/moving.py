"""What is owed passes to another body when the one that owed it, or that it is owed to, goes into another (G-1)."""

from __future__ import annotations

from portal import clock
from portal.db import db
from portal.errors import Conflict
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.models import Deadline, DeadlineEvent
from portal.foundation.deadlines.registry import kind_named
from portal.foundation.deadlines.rules import EventKind
from portal.foundation.siteversion import service as siteversion


def pass_on(deadline: Deadline, column: str, successor_id: int, *, by: Account, note: str) -> Deadline:
    """Let another stand in `owed_by_id`, `owed_to_id` or `place_id`; its dates stay as they are.

    Part of a reorganisation, which has asked for the right. Conflict when nothing is owed any more.
    """
    if not deadline.state.running:
        raise Conflict("这项时限已经结束，或者刚才由别人处理了。", code="state")
    setattr(deadline, column, successor_id)
    db.session.add(
        DeadlineEvent(
            deadline_id=deadline.id,
            kind=EventKind.PASSED_ON,
            happened_on=clock.today(),
            by_id=by.id,
            note=note,
        )
    )
    if kind_named(deadline.kind).shown:
        siteversion.changed()
    db.session.flush()
    # The bodies and the place are read anew by their keys.
    db.session.expire(deadline)
    return deadline
