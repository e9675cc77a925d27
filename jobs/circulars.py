"""Circulars by the clock: the drafts of the month before, where somebody has ordered them."""

from __future__ import annotations

import structlog

from portal.db import db
from portal.oversight.circulars import monthly, queries

log = structlog.get_logger(__name__)


def draft_circulars() -> int:
    """Draft what is due; how many circulars are new (K-1). May run any number of times, and may be missed."""
    count = 0
    for plan in queries.plans():
        count += len(monthly.draft_due(plan))
        db.session.commit()
    if count:
        log.info("circulars drafted", count=count)
    return count
