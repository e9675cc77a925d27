"""A place's later choice of mode, for itself or for its towns, where its list leaves it open."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.places.models import Place
from portal.powers.lists.models import PowerList
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter


class Choice(Base):
    """Working copy: the mode chosen for a matter at a place (D-2 `undetermined`, D-10).

    `place` is one that the list reaches, and then the choice holds for all its towns, or one of its towns alone.
    """

    __tablename__ = "choices"
    __table_args__ = (UniqueConstraint("place_id", "list_id", "matter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    mode: Mapped[Mode]
    basis: Mapped[str] = mapped_column(String(255), default="")

    place: Mapped[Place] = relationship()
    power_list: Mapped[PowerList] = relationship()
    matter: Mapped[Matter] = relationship()
