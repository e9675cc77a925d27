"""What was made public lately: by the person's own office or place, and by others where it concerns them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from admin.home.desk import Desk
from admin.powers.whose import of_places
from portal import clock
from portal.db import db
from portal.foundation.places.models import PlaceGroupMember
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import PUBLIC
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Reach, Right, reach_of
from portal.powers.duties.models import Duty
from portal.powers.lists.models import PowerList, PublishedMatter
from portal.powers.memoranda.models import Memorandum

SHOWN = 6
WRITING = (Right.EDIT_LISTS, Right.APPROVE, Right.EDIT_PLACE)
"""Whoever holds one opens the staff page of a revision; others read what the public reads."""


@dataclass(frozen=True)
class News:
    """One publication: of what, which revision, when, from which day, how much is new, other or gone."""

    id: int
    title: str
    number: int
    published_on: date
    effective_on: date
    closed: bool
    added: int
    changed: int
    withdrawn: int
    address: str
    entered: bool
    """Whether it is an older state that was entered afterwards (补录)."""


def published(desk: Desk) -> list[News] | None:
    """What the own office or place made public, or its body's memoranda; None for whoever publishes nothing."""
    if desk.may(*WRITING):
        return _read(desk, _own(desk))
    return _read(desk, _agreed(desk)) or None


def all_of(desk: Desk) -> str:
    """The address on which everything stands that `published` gives the first of."""
    return str(url_for("revisions.index" if desk.may(*WRITING) else "memoranda.index"))


def changed(desk: Desk, but: Collection[int]) -> list[News]:
    """What others made public, or lists that concern the person's bodies and places, without these revisions."""
    return _read(desk, and_(_concerning(desk), Revision.id.not_in(list(but))))


def _own(desk: Desk) -> ColumnElement[bool]:
    """Lists of the places whose lists the person edits or approves, statements of the place of the post."""
    rights = (Right.EDIT_LISTS, Right.APPROVE)
    places = [desk.places(right) for right in rights if desk.may(right)]
    everywhere = None if None in places else frozenset().union(*(each for each in places if each))
    return of_places(Revision, everywhere, desk.below(Right.EDIT_PLACE))


def _agreed(desk: Desk) -> ColumnElement[bool]:
    """Memoranda of the person's bodies, whichever side they are."""
    units = desk.account.unit_ids
    own = select(Memorandum.id).where(
        or_(Memorandum.bureau_id.in_(units), Memorandum.department_id.in_(units))
    )
    return and_(Revision.subject == Subject.MEMORANDUM, Revision.subject_id.in_(own))


def _concerning(desk: Desk) -> ColumnElement[bool]:
    """Lists that reach the person's place or hold matters of its bodies, and all that the city makes public."""
    if desk.may(Right.READ_ALL) or not desk.may(Right.READ_DRAFTS):
        return Revision.state.in_(PUBLIC)
    units = desk.account.unit_ids
    matters = select(Duty.matter_id).where(Duty.organisation_id.in_(units))
    held = select(PublishedMatter.id).where(
        PublishedMatter.revision_id == Revision.id,
        or_(PublishedMatter.organisation_id.in_(units), PublishedMatter.matter_id.in_(matters)),
    )
    reaching = select(PlaceGroupMember.group_id).where(
        PlaceGroupMember.place_id.in_(desk.below(Right.READ_DRAFTS))
    )
    lists = select(PowerList.id).where(PowerList.scope_id.in_(reaching))
    return or_(
        and_(Revision.subject == Subject.LIST, or_(Revision.subject_id.in_(lists), held.exists())),
        _agreed(desk),
        _of_the_city(desk),
        of_places(Revision, frozenset(), desk.below(Right.READ_DRAFTS)),
    )


def _of_the_city(desk: Desk) -> ColumnElement[bool]:
    cities = [post for post in desk.account.held if reach_of(post.role, Right.READ_DRAFTS) is Reach.CITY]
    own = desk.places(Right.READ_DRAFTS)
    return of_places(Revision, own, own) if cities else false()


def _read(desk: Desk, which: ColumnElement[bool]) -> list[News]:
    """Columns alone: content and difference of a long list are long."""
    counts = [
        Revision.difference[name].as_integer().label(name) for name in ("added", "changed", "withdrawn")
    ]
    wanted: Select[*tuple[Any, ...]] = (
        select(
            Revision.id,
            Revision.subject,
            Revision.subject_id,
            Revision.title,
            Revision.number,
            Revision.rank,
            Revision.state,
            Revision.published_at,
            Revision.effective_on,
            PowerList.slug,
            *counts,
        )
        .outerjoin(PowerList, and_(Revision.subject == Subject.LIST, PowerList.id == Revision.subject_id))
        .where(Revision.state.in_(PUBLIC), which)
        .order_by(Revision.published_at.desc(), Revision.id.desc())
        .limit(SHOWN)
    )
    inside = desk.may(*WRITING, Right.READ_ALL)
    agrees = desk.may(Right.EDIT_DUTIES)
    return [_news(row, inside, agrees) for row in _rows(wanted)]


def _rows(wanted: Select[*tuple[Any, ...]]) -> Sequence[Any]:
    return db.session.execute(wanted).all()


def _news(row: Any, inside: bool, agrees: bool) -> News:
    if inside:
        address = url_for("revisions.show", revision_id=row.id)
    elif row.subject is Subject.MEMORANDUM and agrees:
        address = url_for("memoranda.show", memorandum_id=row.subject_id)
    elif row.slug:
        address = url_for("site.revision", slug=row.slug, number=row.number)
    else:
        address = url_for("site.change_days")
    return News(
        row.id,
        row.title,
        row.number,
        clock.day_of(row.published_at),
        row.effective_on,
        row.state.value == "closed",
        row.added or 0,
        row.changed or 0,
        row.withdrawn or 0,
        address,
        row.rank != row.number,
    )
