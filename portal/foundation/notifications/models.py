"""The outbox: notices and their deliveries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.notifications.rules import Channel, DeliveryState
from portal.foundation.organisations.models import Organisation


class Notice(Base):
    """One thing that one organisation must know; `key` makes it the only one for its occasion."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice")


class Delivery(Base):
    """A notice on its way by one channel: at least once, a repeat carries the same `key` (T-6)."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    channel: Mapped[Channel]
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
