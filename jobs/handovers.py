"""Plans that places owe and nobody has opened yet: of lists published earlier, of bodies entered later."""

from __future__ import annotations

import structlog

from portal.db import db
from portal.powers.handovers import opening

log = structlog.get_logger(__name__)


def open_plans() -> int:
    """Open whatever is lacking; how many deadlines are new (H-1). May run any number of times."""
    count = opening.open_all()
    db.session.commit()
    if count:
        log.info("handover plans opened", count=count)
    return count
