"""The chain of entries, its head, and the stumps that pruning leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Encrypted
from portal.db import Base
from portal.foundation.audit.rules import GENESIS, Act, Door, Outcome


class Entry(Base):
    """What somebody did. Triggers refuse every UPDATE, and every DELETE but of what a stump stands for.

    Accounts and records are named by their keys and by what they were called then, without foreign keys: an entry
    outlives what it tells of. `changes` and `note` are canonical JSON as text, so that their hash is the same on every
    database.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "kind", "record_id", "number"), Index(None, "actor_id", "number"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    together: Mapped[int] = mapped_column(comment="number of the first entry of the same transaction")
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(255))
    door: Mapped[Door]
    route: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(64))
    act: Mapped[Act] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(64))
    record_id: Mapped[str] = mapped_column(String(64))
    record_name: Mapped[str] = mapped_column(String(255))
    outcome: Mapped[Outcome]
    changes: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """One row: the number and hash of the newest entry. Its lock is what keeps many writers to one chain."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default=GENESIS)


class Stump(Base):
    """What is left of entries that were pruned: the last one's number and hash, sealed with the portal's key."""

    __tablename__ = "audit_stumps"

    up_to: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(Encrypted, comment="the row again, encrypted; rotates with the keys")

    def sealed(self) -> dict[str, Any]:
        """What the seal covers."""
        return {"up_to": self.up_to, "hash": self.hash, "count": self.count}


def content(entry: Any) -> dict[str, Any]:
    """Everything of an entry (a row or an object with its fields) but its hash, ready for `rules.chained`."""
    values = {name: getattr(entry, name) for name in _COLUMNS}
    return written(values)


def written(values: dict[str, Any]) -> dict[str, Any]:
    """The same of a dictionary by column: moments in UTC to the microsecond, words by their value."""
    moment: datetime = values["at"]
    words = {name: str(values[name].value) for name in ("door", "act", "outcome")}
    return {
        **{name: values[name] for name in _COLUMNS},
        **words,
        "at": moment.isoformat(timespec="microseconds"),
    }


_COLUMNS = tuple(column.name for column in Entry.__table__.columns if column.name != "hash")
