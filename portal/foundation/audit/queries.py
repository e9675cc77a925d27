"""Reading the record."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import db
from portal.foundation.audit.models import ChainHead, Entry, Stump
from portal.foundation.audit.rules import GENESIS, Anchor


def head() -> Anchor:
    """The number and hash of the newest entry, as the database says; number 0 before the first."""
    found = db.session.execute(select(ChainHead.number, ChainHead.hash)).one_or_none()
    return Anchor(*found) if found else Anchor(0, GENESIS)


def hash_of(number: int) -> str:
    """The hash of an entry; empty when there is no such entry."""
    return db.session.scalar(select(Entry.hash).where(Entry.number == number)) or ""


def newest_stump() -> Stump | None:
    """What the last pruning left."""
    return db.session.scalar(select(Stump).order_by(Stump.up_to.desc()).limit(1))
