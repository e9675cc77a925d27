"""The tree of places and its groups."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.places.rules import Certainty, PlaceKind
from portal.foundation.siteversion.models import shown


@shown
class Place(Base):
    """A jurisdiction. `code` is official (GB/T 2260 or nine digits) or, for zones, one of our own."""

    __tablename__ = "places"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    official: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[PlaceKind]
    printed_kind: Mapped[str] = mapped_column(String(64), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    certainty: Mapped[Certainty] = mapped_column(default=Certainty.HIGH)
    note: Mapped[str] = mapped_column(Text, default="")
    ended_on: Mapped[date | None]

    parent: Mapped[Place | None] = relationship(remote_side="Place.id")


class PlaceGroup(Base):
    """A named set of places under one parent, e.g. 各功能区 of 济宁市; what remarks mean by it is data (G-4)."""

    __tablename__ = "place_groups"
    __table_args__ = (UniqueConstraint("parent_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text, default="")

    parent: Mapped[Place] = relationship()
    members: Mapped[list[Place]] = relationship(secondary="place_group_members", order_by=Place.position)


class PlaceGroupMember(Base):
    """A place in a group."""

    __tablename__ = "place_group_members"

    group_id: Mapped[int] = mapped_column(ForeignKey("place_groups.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), primary_key=True, index=True)
