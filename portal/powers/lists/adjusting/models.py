"""What is said of the working copy's changes, and which new matters come out of which old ones."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.powers.lists.adjusting.rules import SuccessionKind
from portal.powers.matters.models import Matter


class ChangeNote(Base):
    """Why one matter of a working copy is changed, and on what basis; published with the change, then taken away."""

    __tablename__ = "change_notes"

    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id", ondelete="CASCADE"), primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(String(255), default="")


class Succession(Base):
    """One old matter and one new one of a split or a merge in a working copy; published likewise."""

    __tablename__ = "successions"
    __table_args__ = (CheckConstraint("old_id <> new_id", name="two_matters"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id", ondelete="CASCADE"), primary_key=True)
    old_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    kind: Mapped[SuccessionKind]

    old: Mapped[Matter] = relationship(foreign_keys=[old_id])
    new: Mapped[Matter] = relationship(foreign_keys=[new_id])
