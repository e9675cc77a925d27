"""The outbox: notices, who has read them, and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.rules import Channel, DeliveryAct, DeliveryState, NoticeKind
from portal.foundation.organisations.models import Organisation


class Notice(Base):
    """One thing that one recipient must know: all people of an organisation, or a named one of them (`account`).

    `event` names the occasion; with the recipient it is the `key`, which makes the notice the only one. Title
    and body are texts for people (msgids) with `values` to fill in, so that each reader has them in the own
    language.
    """

    __tablename__ = "notices"
    __table_args__ = (Index(None, "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), unique=True)
    event: Mapped[str] = mapped_column(String(128), index=True, default="")
    kind: Mapped[NoticeKind] = mapped_column(default=NoticeKind.GENERAL)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    read_at: Mapped[datetime | None]
    """When the first of its readers read it."""

    organisation: Mapped[Organisation] = relationship()
    account: Mapped[Account | None] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="notice")
    receipts: Mapped[list[Receipt]] = relationship(order_by="Receipt.read_at")


class Receipt(Base):
    """That an account has read a notice, and when first."""

    __tablename__ = "notice_receipts"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, index=True)
    read_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship()


class Delivery(Base):
    """A notice on its way by one channel: at least once, a repeat carries the same `key` (T-6).

    `claim` is the proof of the worker that has it, `lane` what else it shares its fate with, `digest` the key of
    the one message in which it goes out together with others. `recipient` is for people to recognise; where to send is
    looked up when sending. `noted_at` is when `next_at` was written: a clock that was wrong is known by it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    channel: Mapped[Channel]
    lane: Mapped[str] = mapped_column(String(160), default="")
    digest: Mapped[str | None] = mapped_column(String(160), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.QUEUED)
    claim: Mapped[str] = mapped_column(String(32), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    noted_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="deliveries")


class DeliveryRecord(Base):
    """What a person did to a delivery that failed, by whom and when; never changed."""

    __tablename__ = "delivery_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    act: Mapped[DeliveryAct]
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
