"""Finding bodies by the names they go by. Those that ended are found nowhere here: their successors answer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.organisations import spellings
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.organisations.rules import OrganisationKind, fold
from portal.foundation.places.models import Place


def named(place: Place, name: str) -> Organisation | None:
    """The body of a place by its official name or an alias, line breaks and spaces aside (G-3); official names win."""
    spelt = spellings.of(place.id).get(fold(name))
    if not spelt:
        return None
    here = select(Organisation).where(Organisation.place_id == place.id, Organisation.ended_on.is_(None))
    official = here.where(Organisation.name.in_(spelt)).order_by(Organisation.id.desc())
    other = here.join(Organisation.aliases).where(OrganisationAlias.name.in_(spelt))
    return db.session.scalar(official.limit(1)) or db.session.scalar(other.limit(1))


def by_name(place: Place) -> dict[str, Organisation]:
    """Every folded name and alias of a place's bodies; official names win over aliases."""
    aliases = db.session.execute(
        select(OrganisationAlias.name, Organisation)
        .join(OrganisationAlias.organisation)
        .where(OrganisationAlias.place_id == place.id, Organisation.ended_on.is_(None))
    )
    found = {fold(name): body for name, body in aliases}
    found.update({fold(body.name): body for body in of_place(place)})
    return found


def of_place(place: Place, kind: OrganisationKind | None = None) -> Sequence[Organisation]:
    """A place's bodies by name, all or of one kind."""
    wanted = select(Organisation).where(Organisation.place_id == place.id, Organisation.ended_on.is_(None))
    if kind is not None:
        wanted = wanted.where(Organisation.kind == kind)
    return db.session.scalars(wanted.order_by(Organisation.id)).all()
