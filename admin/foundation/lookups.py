"""Finding places and bodies by what people type, and the address that offers names while they type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import render_template, request
from flask_admin import expose
from sqlalchemy import or_, select

from admin.base import LONGEST_SEARCH, SIGNED_IN, Answer, StaffPage
from admin.forms import LOOKUPS, OFFERED, Lookup
from portal.db import db
from portal.errors import NotFound
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.reorganisations.queries import formerly


def like(text: str) -> str:
    """A LIKE pattern for texts that contain this one; its own wildcards mean themselves, by a backslash."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return f"%{text}%"


def _places(text: str, limit: int) -> Sequence[Place]:
    pattern = like(text)
    query = (
        select(Place)
        .where(
            or_(Place.name.like(pattern, escape="\\"), Place.code == text, Place.id.in_(formerly(pattern)))
        )
        .order_by(Place.name != text, Place.ended_on.is_not(None), Place.code)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _place_names(place: Place) -> Iterable[str]:
    return (place.name, place.code)


def _groups(text: str, limit: int) -> Sequence[PlaceGroup]:
    query = (
        select(PlaceGroup)
        .where(PlaceGroup.name.like(like(text), escape="\\"))
        .order_by(PlaceGroup.name != text, PlaceGroup.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _bodies(text: str, limit: int) -> Sequence[Organisation]:
    pattern = like(text)
    alias = select(OrganisationAlias.organisation_id).where(OrganisationAlias.name.like(pattern, escape="\\"))
    query = (
        select(Organisation)
        .where(
            or_(Organisation.name.like(pattern, escape="\\"), Organisation.id.in_(alias)),
            Organisation.ended_on.is_(None),
        )
        .order_by(Organisation.name != text, Organisation.name, Organisation.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _body_names(body: Organisation) -> Iterable[str]:
    return (body.name, *(alias.name for alias in body.aliases))


PLACES = Lookup("place", _places, lambda place: f"{place.name}（{place.code}）", _place_names)
GROUPS = Lookup(
    "group", _groups, lambda group: f"{group.name}（{group.parent.name}）", lambda group: (group.name,)
)
ORGANISATIONS = Lookup("organisation", _bodies, lambda body: f"{body.name}（{body.place.name}）", _body_names)


class LookupPage(StaffPage):
    """Names for a field while a person types; places, bodies and matters are no secret among staff."""

    key = "lookup"
    title = ""
    access = SIGNED_IN

    @expose("/")
    def offer(self) -> Answer:
        """Options for `?kind=<lookup>&field=<name>&<name>=<typed>`: at most twenty, as a fragment for a datalist."""
        lookup = LOOKUPS.get(request.args.get("kind", ""))
        if lookup is None:
            raise NotFound("没有这种记录。")
        typed = request.args.get(request.args.get("field", ""), "").split("（", 1)[0].strip()[:LONGEST_SEARCH]
        found = lookup.find(typed, OFFERED) if typed else ()
        return render_template("staff/_offers.html", offers=[lookup.label(each) for each in found])
