"""The counter, and which tables count."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base

Table = TypeVar("Table", bound=type[Base])

SHOWN: set[type] = set()
"""The tables that public pages read as they stand, outside any revision."""


class SiteVersion(Base):
    """One row: counts every change of what the public can read; the page cache knows nothing else."""

    __tablename__ = "site_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


def shown(table: Table) -> Table:
    """Class decorator: public pages read this table's rows as they stand, so each change of one counts.

    Not for rows that are written under a revision nobody sees yet: publishing counts for them.
    """
    SHOWN.add(table)
    return table
