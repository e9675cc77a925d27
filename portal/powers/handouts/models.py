"""Handouts: files about one list at one place, each resting on two revisions."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.files.models import StoredFile
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.siteversion.models import shown


@shown
class Handout(Base):
    """A list's revision as it holds at one place under one statement of the place, made once.

    `statement` is the number of the place's own revision that is laid over the list, 0 for none. Where the file
    could not be made, `reason` says why (exports.making.made) and there is none.
    """

    __tablename__ = "handouts"
    __table_args__ = (UniqueConstraint("place_id", "revision_id", "statement", "format"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    statement: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    reason: Mapped[str] = mapped_column(String(255), default="")

    revision: Mapped[Revision] = relationship()
    place: Mapped[Place] = relationship()
    file: Mapped[StoredFile | None] = relationship()
