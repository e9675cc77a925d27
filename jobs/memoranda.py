"""Renewals of memoranda that nobody owes yet: of terms that were made public earlier."""

from __future__ import annotations

import structlog

from portal.db import db
from portal.powers.memoranda import renewing

log = structlog.get_logger(__name__)


def open_renewals() -> int:
    """Open whatever is lacking; how many deadlines are new (Y-3). May run any number of times."""
    count = renewing.open_lacking()
    db.session.commit()
    if count:
        log.info("renewals of memoranda opened", count=count)
    return count
