"""The tables of the cube; their rows are part of a revision's rows and never changed."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base
from portal.powers.lists.cube.rules import Facet, Order


class CubeSet(Base):
    """The rows of a revision that have one value of a facet; with a place, whose answer there it is.

    `label` is how the list prints a mode, `amount` how many rows there are, `bits` which (rules.packed).
    """

    __tablename__ = "cube_sets"
    __table_args__ = (Index("ix_cube_sets_place", "revision_id", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    facet: Mapped[Facet]
    value: Mapped[str] = mapped_column(String(128))
    label: Mapped[str] = mapped_column(String(64), default="")
    amount: Mapped[int]
    bits: Mapped[bytes] = mapped_column(LargeBinary)


class CubeOrder(Base):
    """The rows of a revision in another order than the list's own (rules.packed_rows)."""

    __tablename__ = "cube_orders"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), primary_key=True)
    kind: Mapped[Order] = mapped_column(primary_key=True)
    rows: Mapped[bytes] = mapped_column(LargeBinary)
