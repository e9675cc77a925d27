"""The announced years and the days that they name."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.siteversion.models import shown
from portal.foundation.workdays.rules import DayKind


@shown
class WorkYear(Base):
    """A year as its notice arranges it. `version` rises with every change; a year taken back keeps its row."""

    __tablename__ = "work_years"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    announced: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id"),
        comment="none: as it ships with the project, so that a new release may correct it",
    )

    changed_by: Mapped[Account | None] = relationship()


@shown
class WorkDay(Base):
    """A day that a year's notice names: one off, or a weekend day on which people work."""

    __tablename__ = "work_days"
    __table_args__ = (UniqueConstraint("year_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("work_years.id", ondelete="CASCADE"))
    day: Mapped[date]
    kind: Mapped[DayKind]
    name: Mapped[str] = mapped_column(String(32))
