"""What is done by the clock, one row an entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.foundation.schedule.rules import Outcome


class ScheduleEntry(Base):
    """Work by the clock: when it was done, when it is due; `turn` counts every taking and is the taker's proof."""

    __tablename__ = "schedule_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(128))
    cadence: Mapped[str] = mapped_column(String(32), comment="every 30 (seconds) or daily 02:30 (China)")
    next_due: Mapped[datetime]
    turn: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(
        default=0, comment="takings since the last turn that came to an end"
    )
    hold_until: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    late: Mapped[int] = mapped_column(default=0, comment="seconds that the last turn began late")
    outcome: Mapped[Outcome | None]
    failures: Mapped[int] = mapped_column(default=0, comment="in a row")
    error: Mapped[str] = mapped_column(String(255), default="")
    asked_at: Mapped[datetime | None]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
