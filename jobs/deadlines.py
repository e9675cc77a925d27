"""Deadlines by the clock: reminding of those whose step has come, counting anew when the calendar changed."""

from __future__ import annotations

import structlog

from portal import clock
from portal.db import db
from portal.foundation.deadlines.recounting import service as recounting
from portal.foundation.deadlines.reminding import service as reminding

log = structlog.get_logger(__name__)

MORNING = 8
"""The hour in China from which reminders go out: nobody is woken by one."""

LOT = 200
"""Reminders in one transaction."""

BATCH = 50
"""Units counted anew in one transaction."""


def remind() -> int:
    """Send every reminder whose step has come and has not gone out; how many were sent (T-5).

    Any number of schedulers may do so at once, and any night may be missed: what is due is read from the deadlines.
    """
    if clock.now().astimezone(clock.HOME).hour < MORNING:
        return 0
    today = clock.today()
    waiting = reminding.coming(today)
    db.session.commit()
    sent = 0
    for begin in range(0, len(waiting), LOT):
        sent += reminding.remind(waiting[begin : begin + LOT], today)
        db.session.commit()
    if sent:
        log.info("reminders sent", count=sent)
    return sent


def recompute() -> int:
    """Count anew what was counted by an older calendar; how many units were concerned (T-2)."""
    count = 0
    while done := recounting.recompute(BATCH):
        db.session.commit()
        count += done
    db.session.commit()
    return count
