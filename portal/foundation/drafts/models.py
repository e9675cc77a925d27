"""Drafts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.crypto import Encrypted
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.drafts.rules import LONGEST_ADDRESS, LONGEST_FORM


class Draft(Base):
    """What one person typed into one form at one address."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("account_id", "address", "form"),
        Index("ix_drafts_address", "address"),
        Index("ix_drafts_changed_at", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    """Path and parameters of the page on which the form stands."""
    form: Mapped[str] = mapped_column(String(LONGEST_FORM))
    """Which of the forms of that page."""
    content: Mapped[str] = mapped_column(Encrypted)
    """Fields, and what the form was opened with (`rules.written`)."""
    sitting_since: Mapped[datetime]
    changed_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
