"""What went wrong lately, by account and network."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class Try(Base):
    """Wrong passwords and codes for an account from one network; `network` is empty for all that are not known."""

    __tablename__ = "sign_in_tries"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    network: Mapped[str] = mapped_column(String(45), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    until: Mapped[datetime | None]
    """Until then nothing is looked at."""
    known_at: Mapped[datetime | None]
    """When the person last signed in from there."""
    last_at: Mapped[datetime] = mapped_column(index=True)
