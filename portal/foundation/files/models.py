"""Files that people handed in or that the portal made."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base


class StoredFile(Base):
    """One file: its bytes lie in the data folder under `id`, its Chinese name is for people only."""

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=lambda: uuid4().hex)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(127))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
