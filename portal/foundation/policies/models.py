"""Documents and their clauses."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.places.models import Place
from portal.foundation.siteversion.models import shown


@shown
class Policy(Base):
    """A government document, e.g. 济政字〔2021〕30号."""

    __tablename__ = "policies"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    issuer: Mapped[str] = mapped_column(String(128))
    issued_on: Mapped[date | None]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    validity: Mapped[str] = mapped_column(String(16), default="unverified")

    place: Mapped[Place] = relationship()
    clauses: Mapped[list[Clause]] = relationship(
        back_populates="policy", cascade="all, delete-orphan", order_by="Clause.position"
    )


@shown
class Clause(Base):
    """One clause as printed; `ref` is how profiles cite it, `label` how people do (三（一）第1条)."""

    __tablename__ = "clauses"
    __table_args__ = (UniqueConstraint("policy_id", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id", ondelete="CASCADE"))
    ref: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(default=0)

    policy: Mapped[Policy] = relationship(back_populates="clauses")
