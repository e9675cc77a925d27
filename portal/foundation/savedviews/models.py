"""Views that people keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base


class SavedView(Base):
    """How one person sees one list: a query string under a name, without one what was remembered last."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("account_id", "page", "name"),
        Index(
            "uq_saved_views_opens",
            "account_id",
            "page",
            unique=True,
            sqlite_where=text("opens"),
            postgresql_where=text("opens"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    page: Mapped[str] = mapped_column(String(64))
    """The key of the staff page."""
    name: Mapped[str] = mapped_column(String(40))
    parameters: Mapped[str] = mapped_column(Text)
    opens: Mapped[bool] = mapped_column(default=False)
    """Whether the page opens with it when nothing else is asked for."""
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
