"""Reading the schedule."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.schedule.models import ScheduleEntry


def entries() -> Sequence[ScheduleEntry]:
    """Every entry as the database has it at this moment, in the order in which they came in."""
    newest = select(ScheduleEntry).order_by(ScheduleEntry.id).execution_options(populate_existing=True)
    return db.session.scalars(newest).all()


def get(entry_id: int) -> ScheduleEntry | None:
    """The entry with that id as the database has it at this moment."""
    return db.session.get(ScheduleEntry, entry_id, populate_existing=True)


def named(name: str) -> ScheduleEntry | None:
    """The entry of that name."""
    return db.session.scalars(select(ScheduleEntry).where(ScheduleEntry.name == name)).one_or_none()
