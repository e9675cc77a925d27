"""Memoranda, the matters chosen for them, and what the two bodies said of each wording."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.siteversion.models import shown
from portal.powers.matters.models import Matter
from portal.powers.memoranda.rules import Party


@shown
class Memorandum(Base):
    """Working copy: what an approval bureau and a department agree on; two bodies have one that lasts.

    `pushes` and `supports` are kept as `rules.Push` and `rules.Share` say; the other body of a push is its receiver.
    `version` counts the wordings, so that what was agreed to is known. From `ended_on` on it holds no longer.
    """

    __tablename__ = "memoranda"
    __table_args__ = (
        Index(
            "uq_memoranda_lasting",
            "bureau_id",
            "department_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bureau_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    boundary: Mapped[str] = mapped_column(Text, default="")
    pushes: Mapped[list[Any]] = mapped_column(default=list)
    supports: Mapped[dict[str, Any]] = mapped_column(default=dict)
    every_matter: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    bureau_contact: Mapped[str] = mapped_column(String(255), default="")
    department_contact: Mapped[str] = mapped_column(String(255), default="")
    paper_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    paper_public: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(String(255), default="")

    bureau: Mapped[Organisation] = relationship(foreign_keys=[bureau_id])
    department: Mapped[Organisation] = relationship(foreign_keys=[department_id])
    paper: Mapped[StoredFile | None] = relationship()
    chosen: Mapped[list[MemorandumMatter]] = relationship(
        back_populates="memorandum", cascade="all, delete-orphan", order_by="MemorandumMatter.matter_id"
    )
    answers: Mapped[list[MemorandumAnswer]] = relationship(
        back_populates="memorandum", order_by="MemorandumAnswer.id"
    )

    @property
    def place(self) -> Place:
        """Whose memorandum it is: the bureau's place."""
        return self.bureau.place

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.bureau.name}与{self.department.name}审管衔接备忘录"


class MemorandumMatter(Base):
    """One matter that a memorandum covers, where it does not cover all of the two bodies'."""

    __tablename__ = "memorandum_matters"
    __table_args__ = (UniqueConstraint("memorandum_id", "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    memorandum_id: Mapped[int] = mapped_column(ForeignKey("memoranda.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)

    memorandum: Mapped[Memorandum] = relationship(back_populates="chosen")
    matter: Mapped[Matter] = relationship()


class MemorandumAnswer(Base):
    """What one of the bodies said of one wording: yes, or what is to be put right; the newest counts."""

    __tablename__ = "memorandum_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    memorandum_id: Mapped[int] = mapped_column(ForeignKey("memoranda.id"), index=True)
    party: Mapped[Party]
    version: Mapped[int]
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    memorandum: Mapped[Memorandum] = relationship(back_populates="answers")
    by: Mapped[Account] = relationship()
