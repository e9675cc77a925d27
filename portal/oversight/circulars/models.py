"""Circulars: what they said, and their files, kept as they were made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.policies.models import Policy
from portal.foundation.siteversion.models import shown


@shown
class Circular(Base):
    """One circular about a document's tasks in a period; `content` is what the rows said when it was made.

    Numbered through by document. For staff until somebody else than its maker publishes it, or it is set aside.
    `by_clock`: made on the standing order of `made_by` (see CircularPlan), not by hand.
    """

    __tablename__ = "circulars"
    __table_args__ = (UniqueConstraint("policy_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    number: Mapped[int]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    content: Mapped[dict[str, Any]]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    by_clock: Mapped[bool] = mapped_column(default=False, server_default=false())
    set_aside_at: Mapped[datetime | None]
    set_aside_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    policy: Mapped[Policy] = relationship()
    made_by: Mapped[Account] = relationship(foreign_keys=[made_by_id])
    published_by: Mapped[Account | None] = relationship(foreign_keys=[published_by_id])
    set_aside_by: Mapped[Account | None] = relationship(foreign_keys=[set_aside_by_id])
    files: Mapped[list[CircularFile]] = relationship(
        cascade="all, delete-orphan", order_by="CircularFile.format"
    )


@shown
class CircularFile(Base):
    """A circular as PDF or Word; where it could not be made, `reason` says why (exports.making.made)."""

    __tablename__ = "circular_files"

    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id", ondelete="CASCADE"), primary_key=True)
    format: Mapped[str] = mapped_column(String(8), primary_key=True)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    reason: Mapped[str] = mapped_column(String(255), default="")

    file: Mapped[StoredFile | None] = relationship()


class CircularPlan(Base):
    """A standing order: each month a circular of the month before is drafted, on this day of the month or after.

    `through` is the last day of the newest month that has been dealt with.
    """

    __tablename__ = "circular_plans"
    __table_args__ = (CheckConstraint("day BETWEEN 1 AND 28", name="day_of_every_month"),)

    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(SmallInteger)
    through: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)

    policy: Mapped[Policy] = relationship()
    set_by: Mapped[Account] = relationship()
