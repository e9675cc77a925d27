"""Matters and the names people use for them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.powers.matters.rules import MatterStatus, MatterType


class Matter(Base):
    """A power or service of an issuing place; `identity` is what makes it one and the same (M-4)."""

    __tablename__ = "matters"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(600), unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(500), index=True)
    code: Mapped[str] = mapped_column(String(64), default="", index=True)
    type: Mapped[MatterType]
    status: Mapped[MatterStatus] = mapped_column(default=MatterStatus.UNVERIFIED)
    status_since: Mapped[date | None]
    status_document: Mapped[str] = mapped_column(String(255), default="")

    place: Mapped[Place] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    everyday_names: Mapped[list[EverydayName]] = relationship(
        back_populates="matter", cascade="all, delete-orphan", order_by="EverydayName.name"
    )


class EverydayName(Base):
    """What people call a matter (办营业执照 → 公司登记); kept for search (M-4)."""

    __tablename__ = "everyday_names"
    __table_args__ = (UniqueConstraint("matter_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(128))

    matter: Mapped[Matter] = relationship(back_populates="everyday_names")
