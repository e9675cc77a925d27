"""Where people go."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place


class PointKind(StrEnum):
    """What a service point is (G-5)."""

    CENTRE = "centre"
    STATION = "station"
    TOWN_HALL = "town_hall"
    VILLAGE = "village"
    KIOSK = "kiosk"
    BANK = "bank"
    COUNTER = "counter"


class ServicePoint(Base):
    """Working copy: one place to go, with address, hours and phone as people write them."""

    __tablename__ = "service_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[PointKind] = mapped_column(default=PointKind.CENTRE)
    name: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(255), default="")
    hours: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(64), default="")

    place: Mapped[Place] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
