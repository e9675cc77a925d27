"""Everything that was made public, newest first: lists, what places publish of themselves, memoranda (P-7, Y-3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import defer

from portal.api.cursors import Key
from portal.api.parameters import Asked
from portal.api.problems import Kind, Problem
from portal.db import db
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import PUBLIC, head_number
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.memoranda.queries import of_place
from portal.site.editions import Edition

BATCH = 50


@dataclass(frozen=True)
class Publications:
    """The publications that a request is about: `power_list` alone, or those that concern `place`, or all."""

    asked: Asked

    @cached_property
    def power_list(self) -> PowerList | None:
        """The one list that is asked for; Problem when there is none that was ever published."""
        slug = self.asked.one("list")
        found = lists.by_slug(slug) if slug else None
        if slug and (found is None or not head_number(Subject.LIST, found.id)):
            raise Problem(Kind.NOT_FOUND, mark("没有公布过标识是“%(slug)s”的清单。"), slug=slug)
        return found

    @cached_property
    def place(self) -> Place | None:
        """The place that is asked for; Problem when there is none."""
        code = self.asked.one("place")
        found = places.by_code(code) if code else None
        if code and found is None:
            raise Problem(Kind.NOT_FOUND, mark("没有代码是“%(code)s”的地方。"), code=code)
        return found

    @cached_property
    def lists(self) -> Mapping[int, PowerList]:
        """All lists by id."""
        return {each.id: each for each in lists.every()}

    @cached_property
    def speakers(self) -> Mapping[int, Place]:
        """The places whose own statements count: the asked one, for a town also the one above it; else all."""
        if self.place is None:
            wanted = select(Place).where(
                Place.id.in_(select(Revision.subject_id).where(Revision.subject == Subject.UPTAKE))
            )
            return {each.id: each for each in db.session.scalars(wanted)}
        above = self.place.parent if self.place.kind is PlaceKind.TOWN else None
        return {each.id: each for each in (self.place, above) if each is not None}

    def newest_first(self, begin: Key | None, *more: ColumnElement[bool]) -> Iterator[Revision]:
        """The publications, from the one whose id begins the cursor; contents are read when they are looked at."""
        last = db.session.get(Revision, begin[0]) if begin else None
        including = True
        while True:
            wanted = self._wanted(*more).limit(BATCH)
            if last is not None:
                wanted = wanted.where(_from(last, including=including))
            found = db.session.scalars(wanted).all()
            yield from found
            if len(found) < BATCH:
                return
            last, including = found[-1], False

    def concerned(self, revision: Revision) -> bool:
        """Whether a publication of a list reaches the asked place; of others only the right ones are read."""
        if self.place is None or revision.subject is not Subject.LIST:
            return True
        slug = self.lists[revision.subject_id].slug
        return Edition(slug, revision).place(self.place.code) is not None

    def _wanted(self, *more: ColumnElement[bool]) -> Select[Revision]:
        wanted = (
            select(Revision)
            .options(defer(Revision.content))
            .where(Revision.state.in_(PUBLIC), self._subjects(), *more)
            .order_by(Revision.published_at.desc(), Revision.id.desc())
        )
        if since := self.asked.one("since"):
            wanted = wanted.where(Revision.effective_on >= since)
        if until := self.asked.one("until"):
            wanted = wanted.where(Revision.effective_on <= until)
        return wanted

    def _subjects(self) -> ColumnElement[bool]:
        listed = Revision.subject == Subject.LIST
        if self.power_list is not None:
            return and_(listed, Revision.subject_id == self.power_list.id)
        spoken = and_(Revision.subject == Subject.UPTAKE, Revision.subject_id.in_(self.speakers))
        agreed = Revision.subject == Subject.MEMORANDUM
        if self.place is not None:
            agreed = and_(agreed, Revision.subject_id.in_(of_place(self.speakers)))
        return or_(listed, agreed, spoken if self.speakers else false())


def _from(last: Revision, *, including: bool) -> ColumnElement[bool]:
    """What comes after a publication in the order of publications, with or without itself."""
    later = Revision.id <= last.id if including else Revision.id < last.id
    return or_(
        Revision.published_at < last.published_at, and_(Revision.published_at == last.published_at, later)
    )
