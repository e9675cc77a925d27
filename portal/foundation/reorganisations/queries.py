"""Reading what became of places and bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true, union
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.reorganisations.models import Reorganisation, Successor
from portal.foundation.reorganisations.registry import Subject
from portal.foundation.reorganisations.rules import Change, FormerName


def of(subject: Subject) -> Sequence[Reorganisation]:
    """Everything that was done to a place or body, oldest first, with its successors."""
    own = (
        Reorganisation.place_id if isinstance(subject, Place) else Reorganisation.organisation_id
    ) == subject.id
    return db.session.scalars(_told(own).order_by(Reorganisation.effective_on, Reorganisation.id)).all()


def into(subject: Subject) -> Sequence[Reorganisation]:
    """What ended and went into a place or body, oldest first."""
    own = (Successor.place_id if isinstance(subject, Place) else Successor.organisation_id) == subject.id
    wanted = _told(Reorganisation.id.in_(select(Successor.reorganisation_id).where(own)))
    return db.session.scalars(wanted.order_by(Reorganisation.effective_on, Reorganisation.id)).all()


def newest(limit: int, places: Collection[int] | None) -> Sequence[Reorganisation]:
    """What was done last to these places and their bodies, to all for None; the newest first."""
    own: ColumnElement[bool] = true()
    if places is not None:
        theirs = select(Organisation.id).where(Organisation.place_id.in_(places))
        own = or_(Reorganisation.place_id.in_(places), Reorganisation.organisation_id.in_(theirs))
    every = _told(own).options(joinedload(Reorganisation.place), joinedload(Reorganisation.organisation))
    return db.session.scalars(every.order_by(Reorganisation.id.desc()).limit(limit)).all()


def ending(subject: Subject) -> Reorganisation | None:
    """How a place or body ended; None for one that goes on, or that ended before this was kept."""
    return next((each for each in of(subject) if each.change is not Change.RENAMED), None)


def former_names(subject: Subject, day: date) -> list[FormerName]:
    """The names that a place or body had given up by a day, oldest first."""
    return [
        FormerName(each.former_name, each.effective_on)
        for each in of(subject)
        if each.change is Change.RENAMED and each.effective_on <= day
    ]


def former_names_of_places(ids: Collection[int], day: date) -> Mapping[int, list[str]]:
    """The names under which places were known before, by place id: their own, and of what went into them."""
    renamed = select(Reorganisation.place_id, Reorganisation.former_name).where(
        Reorganisation.place_id.in_(ids),
        Reorganisation.change == Change.RENAMED,
        Reorganisation.effective_on <= day,
    )
    merged = (
        select(Successor.place_id, Reorganisation.former_name)
        .join(Successor.reorganisation)
        .where(Successor.place_id.in_(ids), Reorganisation.effective_on <= day)
    )
    return _gathered((*db.session.execute(renamed), *db.session.execute(merged)))


def formerly(pattern: str) -> Select[int]:
    """Ids of the places of which a former name is like the pattern: their own, or of what went into them."""
    named = Reorganisation.former_name.like(pattern, escape="\\")
    own = select(Reorganisation.place_id).where(named, Reorganisation.place_id.is_not(None))
    taken = select(Successor.place_id).join(Successor.reorganisation)
    return select(union(own, taken.where(named, Successor.place_id.is_not(None))).subquery().c.place_id)


def standing_places(ids: Collection[int]) -> set[int]:
    """The places that stand for these today: each itself, or whatever it went into, however often."""
    return _standing(set(ids), Place, Reorganisation.place_id, Successor.place_id)


def standing_bodies(ids: Collection[int]) -> set[int]:
    """The same of bodies."""
    return _standing(set(ids), Organisation, Reorganisation.organisation_id, Successor.organisation_id)


def forebears(body_id: int) -> set[int]:
    """The bodies that went into this one, straight or through others."""
    found: set[int] = set()
    newest = {body_id}
    while newest:
        wanted = select(Reorganisation.organisation_id).join(Reorganisation.successors)
        gone = db.session.scalars(wanted.where(Successor.organisation_id.in_(newest)))
        newest = {each for each in gone if each is not None} - found
        found |= newest
    return found


def _standing(ids: set[int], model: type[Subject], gone: Any, heir: Any) -> set[int]:
    standing: set[int] = set()
    seen: set[int] = set()
    while ids:
        ended = select(model.id).where(model.id.in_(ids), model.ended_on <= clock.today())
        past = set(db.session.scalars(ended))
        standing |= ids - past
        seen |= past
        wanted = select(heir).join(Successor.reorganisation).where(gone.in_(past))
        # Whoever went in a circle is asked once.
        ids = set(db.session.scalars(wanted)) - seen if past else set()
    return standing


def _gathered(rows: Iterable[tuple[int, str]]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in rows:
        if name not in found[key]:
            found[key].append(name)
    return found


def _told(where: ColumnElement[bool]) -> Select[Reorganisation]:
    loaded = selectinload(Reorganisation.successors)
    return (
        select(Reorganisation)
        .where(where)
        .options(loaded.selectinload(Successor.place), loaded.selectinload(Successor.organisation))
    )
