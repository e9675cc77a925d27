"""Taking away entries that are older than six months, with a sealed stump in their place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from sqlalchemy import delete, func, select

from portal import clock
from portal.clock import HOME
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.audit import queries, service
from portal.foundation.audit.models import Entry, Stump
from portal.foundation.audit.rules import KEPT, Act, Anchor, canonical
from portal.foundation.audit.verifying import verify


def prune(before: date, anchors: Iterable[Anchor] = ()) -> int:
    """Take away the entries of the days (in China) before `before`; gives how many. The caller commits.

    What is taken away is named by a stump, sealed with the portal's key, and told by an entry. Refused for days that
    are not six months past (R-2) and without a key; Conflict when the record is not as it was written, which is to be
    looked into first.
    """
    if clock.today() - before < KEPT:
        raise Refused("操作记录至少保留六个月（%(days)s 天），这个日期还太近。", "young", days=KEPT.days)
    verdict = verify(anchors)
    if verdict.fault is not None:
        raise Conflict("操作记录和写入时不一样，先查清楚再清理。", "broken")
    up_to = _last_before(datetime.combine(before, time(), HOME).astimezone(UTC))
    if not up_to:
        return 0
    count = db.session.scalar(select(func.count()).where(Entry.number <= up_to)) or 0
    stump = Stump(up_to=up_to, hash=queries.hash_of(up_to), count=count, at=clock.now())
    stump.seal = canonical(stump.sealed())
    db.session.add(stump)
    db.session.flush()
    db.session.connection().execute(delete(Entry).where(Entry.number <= up_to))
    service.record(Act.PRUNE, **stump.sealed())
    return count


def _last_before(moment: datetime) -> int:
    """The last entry before which, itself included, none is younger; 0 when there is none."""
    younger = db.session.scalar(select(func.min(Entry.number)).where(Entry.at >= moment))
    everything = db.session.scalar(select(func.max(Entry.number)))
    first = db.session.scalar(select(func.min(Entry.number)))
    last = younger - 1 if younger is not None else everything or 0
    return last if first is not None and last >= first else 0
