"""Private links to working copies."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.clock import HOME
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.powers.lists.models import PowerList


class PreviewLink(Base):
    """A link to one list's working copy. Only the hash of its secret stays; `opened` counts the pages shown by it."""

    __tablename__ = "preview_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_for: Mapped[str] = mapped_column(String(255), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]

    power_list: Mapped[PowerList] = relationship()
    made_by: Mapped[Account] = relationship(foreign_keys=[made_by_id])
    revoked_by: Mapped[Account | None] = relationship(foreign_keys=[revoked_by_id])

    @property
    def last_day(self) -> date:
        """The last day in China on which it opens."""
        return (self.expires_at.astimezone(HOME) - timedelta(seconds=1)).date()

    def lives(self, at: datetime) -> bool:
        """Whether its days are not over and nobody has revoked it."""
        return self.revoked_at is None and at < self.expires_at
