"""Reading the counter."""

from __future__ import annotations

from sqlalchemy import Engine, select

from portal.db import READS, db
from portal.foundation.siteversion.models import SiteVersion

_NUMBER = select(SiteVersion.number).where(SiteVersion.id == 1)


def number() -> int:
    """The site's version as the running transaction sees it; 0 before the first change."""
    return db.session.scalar(_NUMBER) or 0


def number_apart(engine: Engine) -> int:
    """The same on a connection of its own, outside any request; waits for no writer."""
    with engine.connect().execution_options(**READS) as connection:
        return connection.scalar(_NUMBER) or 0
