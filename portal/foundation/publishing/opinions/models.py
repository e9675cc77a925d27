"""Who was asked about which state of a working copy, and what each said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.opinions.rules import Stance
from portal.foundation.publishing.rules import Subject


class OpinionRound(Base):
    """One asking: the difference as it was shown, and the hash of the working copy that it was made of.

    `base_number` is the newest number of its subject, 0 for none: as long as it is, the working copy is the next one's.
    """

    __tablename__ = "opinion_rounds"
    __table_args__ = (Index("ix_opinion_rounds_subject", "subject", "subject_id", "base_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject]
    subject_id: Mapped[int]
    base_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(255))
    question: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str] = mapped_column(String(64))
    difference: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)

    asked_by: Mapped[Account] = relationship()
    opinions: Mapped[list[Opinion]] = relationship(back_populates="round", order_by="Opinion.id")


class Opinion(Base):
    """What one body says; empty until it has. Its last day is a deadline, kept there alone."""

    __tablename__ = "opinions"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id"),
        CheckConstraint("(stance IS NULL) = (answered_at IS NULL)", name="answered_at_a_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("opinion_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    stance: Mapped[Stance | None]
    words: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    answered_at: Mapped[datetime | None]

    round: Mapped[OpinionRound] = relationship(back_populates="opinions")
    organisation: Mapped[Organisation] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    answered_by: Mapped[Account | None] = relationship()
