"""What was reorganised, by whom and on what basis, and who goes on with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.reorganisations.rules import Change
from portal.foundation.siteversion.models import shown

_ONE = "(place_id IS NULL) <> (organisation_id IS NULL)"


def _ending(column: str) -> Index:
    where = text(f"change <> 'renamed' AND {column} IS NOT NULL")
    name = f"uq_reorganisations_ending_{column}"
    return Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


@shown
class Reorganisation(Base):
    """One place or body renamed or ended on a day; never changed.

    `former_name` is the name that stood until then. `moved` says what became of what hung on it: for each kind its
    `label`, and how many passed `to` whom, or to nobody.
    """

    __tablename__ = "reorganisations"
    __table_args__ = (
        CheckConstraint(_ONE, name="place_or_body"),
        # It ends once, however many people say so at the same moment.
        _ending("place_id"),
        _ending("organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change: Mapped[Change]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    effective_on: Mapped[date]
    former_name: Mapped[str] = mapped_column(String(128), index=True)
    reason: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String(255))
    moved: Mapped[list[Any]] = mapped_column(default=list)
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    place: Mapped[Place | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    by: Mapped[Account] = relationship()
    successors: Mapped[list[Successor]] = relationship(
        back_populates="reorganisation", order_by="Successor.position"
    )


@shown
class Successor(Base):
    """A place or body that goes on with what ended."""

    __tablename__ = "reorganisation_successors"
    __table_args__ = (CheckConstraint(_ONE, name="place_or_body"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reorganisation_id: Mapped[int] = mapped_column(ForeignKey("reorganisations.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int] = mapped_column(default=0)

    reorganisation: Mapped[Reorganisation] = relationship(back_populates="successors")
    place: Mapped[Place | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
