"""What a unit has chosen."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.crypto import Encrypted
from portal.db import Base
from portal.foundation.notifications.rules import Channel, NoticeKind, Timing

DIGEST_AT = time(8, 30)


class Way(Base):
    """One channel of one unit: where it leads, and its secrets, which stand in the database encrypted.

    While `former_secret` is valid a webhook is signed with both, so that the other side can change over.
    """

    __tablename__ = "notice_ways"
    __table_args__ = (UniqueConstraint("organisation_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    channel: Mapped[Channel]
    active: Mapped[bool] = mapped_column(default=True)
    address: Mapped[str] = mapped_column(Encrypted(), default="")
    secret: Mapped[str] = mapped_column(Encrypted(), default="")
    former_secret: Mapped[str] = mapped_column(Encrypted(), default="")
    former_until: Mapped[datetime | None]


class Wish(Base):
    """When a unit wants a kind of notice by a channel, where it is not the usual: at once."""

    __tablename__ = "notice_wishes"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[NoticeKind]
    channel: Mapped[Channel]
    timing: Mapped[Timing]


class Habit(Base):
    """A unit's quiet hours and the time of its daily digest, by the clock in China, and its language."""

    __tablename__ = "notice_habits"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_at: Mapped[time] = mapped_column(default=DIGEST_AT)
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")
