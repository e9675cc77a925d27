"""Bodies and the names they go by."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.siteversion.models import shown


@shown
class Organisation(Base):
    """A body of one place; `email` is where its notices go besides the inbox."""

    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("place_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(128), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[OrganisationKind] = mapped_column(default=OrganisationKind.DEPARTMENT)
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    ended_on: Mapped[date | None]
    """The first day on which it is no more; it stays for what it did until then."""

    place: Mapped[Place] = relationship()
    aliases: Mapped[list[OrganisationAlias]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="OrganisationAlias.name"
    )


class OrganisationAlias(Base):
    """Another name of a body, unique within its place (市住房城乡建设局 = 市住建局)."""

    __tablename__ = "organisation_aliases"
    __table_args__ = (UniqueConstraint("place_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    name: Mapped[str] = mapped_column(String(128))

    organisation: Mapped[Organisation] = relationship(back_populates="aliases")
