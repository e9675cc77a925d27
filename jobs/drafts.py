"""Drafts that nobody has come back to, and those of closed accounts."""

from __future__ import annotations

import structlog

from portal import clock
from portal.db import db
from portal.foundation.drafts import service

log = structlog.get_logger(__name__)


def forget_drafts() -> int:
    """Take them away, and give how many. May run any number of times."""
    count = service.forget(clock.now())
    db.session.commit()
    if count:
        log.info("drafts forgotten", count=count)
    return count
