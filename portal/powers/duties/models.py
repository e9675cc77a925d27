"""Who takes over, who regulates, who enforces."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.powers.matters.models import Matter


class DutyRole(StrEnum):
    """What a body does for a matter at a place."""

    RECEIVER = "receiver"
    REGULATOR_CITY = "regulator_city"
    REGULATOR_PLACE = "regulator_place"
    ENFORCEMENT = "enforcement"


class Duty(Base):
    """Working copy: one body in one role for one matter at one place.

    `from_on` is the day a receiver takes the matter over (D-9); None when it is not known. `origin` says
    how the row came: by hand, by rule (many at once) or from a list's note.
    """

    __tablename__ = "duties"
    __table_args__ = (UniqueConstraint("place_id", "matter_id", "role", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    role: Mapped[DutyRole]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    from_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(255), default="")
    origin: Mapped[str] = mapped_column(String(16), default="hand")

    place: Mapped[Place] = relationship()
    matter: Mapped[Matter] = relationship()
    organisation: Mapped[Organisation] = relationship()
