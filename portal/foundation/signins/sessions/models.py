"""Sessions on the server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account


class SignIn(Base):
    """A session on the server: the cookie holds a token, the row its hash; no row, no session.

    It was opened under a `generation` of its account: when the account goes on to the next, it is over.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    generation: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    proved_at: Mapped[datetime] = mapped_column(default=clock.now)
    """When the person last showed who it is: at the beginning, and whenever a page asked anew."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    half: Mapped[bool] = mapped_column(default=False)
    """The password was right; the second factor is still to come, and until then the session opens no page."""
    device: Mapped[str] = mapped_column(String(200), default="")
    """What the browser calls itself."""
    address: Mapped[str] = mapped_column(String(45), default="")
    """The network address that it was last used from."""

    account: Mapped[Account] = relationship()
