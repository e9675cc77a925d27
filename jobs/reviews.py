"""Reviews that departments owe and nobody has opened yet: of lists published since, of reviews that ended."""

from __future__ import annotations

import structlog

from portal.db import db
from portal.powers.reviews import opening

log = structlog.get_logger(__name__)


def open_reviews() -> int:
    """Open whatever is lacking; how many reviews are new (P-9). May run any number of times."""
    count = opening.open_all()
    db.session.commit()
    if count:
        log.info("reviews opened", count=count)
    return count
