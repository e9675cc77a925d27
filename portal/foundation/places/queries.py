"""Reading the tree of places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Select, literal, or_, select

from portal.db import db
from portal.foundation.places.models import Place, PlaceGroup


def by_code(code: str) -> Place | None:
    """The place with this code, official or our own."""
    return db.session.scalar(select(Place).where(Place.code == code))


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """What the places with these codes are called; two of one name keep their codes beside it. Others are left out."""
    found = db.session.execute(select(Place.code, Place.name).where(Place.code.in_(set(codes)))).all()
    often = Counter(name for _code, name in found)
    return {code: name if often[name] == 1 else f"{name} {code}" for code, name in found}


def of_ids(ids: Iterable[int]) -> Sequence[Place]:
    """The places of these keys."""
    return db.session.scalars(select(Place).where(Place.id.in_(list(ids)))).all()


def named(parent: Place, name: str) -> Place | None:
    """The place of this name straight under a parent; names are unique there among those that have not ended."""
    wanted = select(Place).where(Place.parent_id == parent.id, Place.name == name)
    return db.session.scalar(wanted.order_by(Place.ended_on.is_not(None), Place.id.desc()).limit(1))


def children(parent: Place) -> Sequence[Place]:
    """Everything straight under a place, in the order of the documents."""
    return db.session.scalars(
        select(Place).where(Place.parent_id == parent.id).order_by(Place.position)
    ).all()


def lineage(code: str) -> Sequence[Place]:
    """The place with this code and everything above it, nearest first, by one question; empty for an unknown code."""
    upwards = select(Place.id, Place.parent_id, literal(0).label("height")).where(Place.code == code)
    chain = upwards.cte("lineage", recursive=True)
    chain = chain.union_all(
        select(Place.id, Place.parent_id, chain.c.height + 1).where(Place.id == chain.c.parent_id)
    )
    wanted = select(Place).join(chain, chain.c.id == Place.id).order_by(chain.c.height)
    return db.session.scalars(wanted).all()


def with_above(place_ids: Iterable[int]) -> dict[int, Place]:
    """The places of these keys and everything above them, by their keys, by one question."""
    chain = select(Place.id, Place.parent_id).where(Place.id.in_(set(place_ids))).cte("above", recursive=True)
    chain = chain.union(select(Place.id, Place.parent_id).where(Place.id == chain.c.parent_id))
    wanted = select(Place).where(Place.id.in_(select(chain.c.id)))
    return {place.id: place for place in db.session.scalars(wanted)}


def subtree(place_ids: Iterable[int]) -> Select[int]:
    """Ids of the places and of everything below them, however deep."""
    tree = select(Place.id).where(Place.id.in_(list(place_ids))).cte("subtree", recursive=True)
    tree = tree.union_all(select(Place.id).where(Place.parent_id == tree.c.id))
    return select(tree.c.id)


def below(parent_ids: Iterable[int], day: date) -> Sequence[Place]:
    """Everything straight under any of the places that has not ended by the day, in the order of the documents."""
    return db.session.scalars(
        select(Place)
        .where(
            Place.parent_id.in_(list(parent_ids)),
            or_(Place.ended_on.is_(None), Place.ended_on > day),
        )
        .order_by(Place.parent_id, Place.position, Place.id)
    ).all()


def beneath(place: Place, day: date) -> Sequence[Place]:
    """Everything below a place, however deep, that has not ended by the day, in the order of the documents."""
    return db.session.scalars(
        select(Place)
        .where(
            Place.id.in_(subtree([place.id])),
            Place.id != place.id,
            or_(Place.ended_on.is_(None), Place.ended_on > day),
        )
        .order_by(Place.parent_id, Place.position, Place.id)
    ).all()


def group(parent: Place, key: str) -> PlaceGroup | None:
    """A parent's group by its key, e.g. `zones`."""
    return db.session.scalar(
        select(PlaceGroup).where(PlaceGroup.parent_id == parent.id, PlaceGroup.key == key)
    )


def groups(parent: Place) -> Sequence[PlaceGroup]:
    """All groups that documents of this parent speak of."""
    return db.session.scalars(
        select(PlaceGroup).where(PlaceGroup.parent_id == parent.id).order_by(PlaceGroup.key)
    ).all()


def members(parent: Place) -> dict[str, frozenset[str]]:
    """Each group's member codes, by the group's key: what scope rules are resolved against (G-4, D-6)."""
    return {each.key: frozenset(place.code for place in each.members) for each in groups(parent)}


def issuers() -> Sequence[Place]:
    """Places that something hangs under: those that can issue a list."""
    above = select(Place.parent_id).where(Place.parent_id.is_not(None))
    return db.session.scalars(select(Place).where(Place.id.in_(above)).order_by(Place.code)).all()
