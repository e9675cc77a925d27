"""Matters that are stopped at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.siteversion.models import shown
from portal.powers.lists.models import PowerList


@shown
class Suspension(Base):
    """One matter of a list that is stopped from `since` on, and no longer from `ended_on` on, if that is known.

    It ends when an approver lifts it, or with the revision (`revision_number`) that changes or withdraws the matter.
    Its last day for an adjustment is a deadline, kept there alone. `name` is the matter's as it was public then.
    """

    __tablename__ = "suspensions"
    __table_args__ = (
        Index(
            "uq_suspensions_lasting",
            "list_id",
            "matter_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    name: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    by_for_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    ended_for_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    revision_number: Mapped[int | None]

    power_list: Mapped[PowerList] = relationship()
    by: Mapped[Account] = relationship(foreign_keys=[by_id])
    by_for: Mapped[Account | None] = relationship(foreign_keys=[by_for_id])
    ended_by: Mapped[Account | None] = relationship(foreign_keys=[ended_by_id])
    ended_for: Mapped[Account | None] = relationship(foreign_keys=[ended_for_id])
