"""Reading memoranda: working copies, what the bodies said, and what is published and holds on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.memoranda.models import Memorandum, MemorandumAnswer
from portal.powers.memoranda.rules import Doer, Party, Push, Share, Support, Wording, holds, over


@dataclass(frozen=True)
class Published:
    """A memorandum as it was made public."""

    id: int
    revision: Revision

    @property
    def content(self) -> Mapping[str, Any]:
        """What the revision holds (snapshot.statement)."""
        return self.revision.content

    @property
    def bureau(self) -> Mapping[str, Any]:
        """The approval bureau: {"id", "name"}."""
        return dict(self.content["bureau"])

    @property
    def department(self) -> Mapping[str, Any]:
        """The department: {"id", "name", "place"}, the last by its code."""
        return dict(self.content["department"])

    @property
    def place(self) -> Mapping[str, str]:
        """The bureau's place: {"code", "name"}."""
        return dict(self.content["place"])

    @cached_property
    def wording(self) -> Wording:
        """What the bodies agreed on."""
        return read_wording(self.content)

    @cached_property
    def matter_ids(self) -> frozenset[int]:
        """The chosen matters; none where it covers all of the two bodies'."""
        return frozenset(each["id"] for each in self.content["matters"])

    def holds(self, day: date) -> bool:
        """Whether it holds on the day."""
        return holds(self.wording.valid_from, self.wording.valid_until, day)

    def over(self, day: date) -> bool:
        """Whether its last day has passed."""
        return over(self.wording.valid_until, day)

    def covers(self, matter_id: int, bureaus: Collection[int | str], departments: Collection[int]) -> bool:
        """Whether it is about a matter that one of these bureaus approves (ids or names) for these departments."""
        if not self.wording.every_matter:
            return matter_id in self.matter_ids
        known = self.bureau["id"] in bureaus or self.bureau["name"] in bureaus
        return known and self.department["id"] in departments


def get(memorandum_id: int) -> Memorandum | None:
    """The one with this id."""
    return db.session.get(Memorandum, memorandum_id)


def between(bureau_id: int, department_id: int) -> Memorandum | None:
    """The one that lasts between two bodies."""
    return db.session.scalar(
        select(Memorandum).where(
            Memorandum.bureau_id == bureau_id,
            Memorandum.department_id == department_id,
            Memorandum.ended_on.is_(None),
        )
    )


def every(*conditions: ColumnElement[bool], limit: int, offset: int = 0) -> Sequence[Memorandum]:
    """Working copies that fit, those that last first, by bureau and department."""
    wanted = (
        select(Memorandum)
        .where(*conditions)
        .options(
            joinedload(Memorandum.bureau),
            joinedload(Memorandum.department),
            selectinload(Memorandum.answers),
        )
        .order_by(Memorandum.ended_on.is_not(None), Memorandum.bureau_id, Memorandum.department_id)
    )
    return db.session.scalars(wanted.offset(offset).limit(limit)).all()


def answers(memorandum: Memorandum) -> dict[Party, MemorandumAnswer]:
    """What each body last said of the wording as it is now; one that has not spoken of it is left out."""
    return {each.party: each for each in memorandum.answers if each.version == memorandum.version}


def wording_of(memorandum: Memorandum) -> Wording:
    """What the working copy says."""
    return Wording(
        boundary=memorandum.boundary,
        pushes=tuple(Push.read(each) for each in memorandum.pushes),
        supports=_supports(memorandum.supports),
        every_matter=memorandum.every_matter,
        valid_from=memorandum.valid_from,
        valid_until=memorandum.valid_until,
        bureau_contact=memorandum.bureau_contact,
        department_contact=memorandum.department_contact,
    )


def read_wording(content: Mapping[str, Any]) -> Wording:
    """What a published document says (snapshot.statement)."""
    begins, ends = content["valid_from"], content["valid_until"]
    return Wording(
        boundary=content["boundary"],
        pushes=tuple(Push.read(each) for each in content["pushes"]),
        supports=_supports(content["supports"]),
        every_matter=content["every_matter"],
        valid_from=date.fromisoformat(begins) if begins else None,
        valid_until=date.fromisoformat(ends) if ends else None,
        bureau_contact=content["bureau_contact"],
        department_contact=content["department_contact"],
    )


def published(memorandum_id: int, day: date) -> Published | None:
    """The revision of a memorandum that is in force on a day, over or not; None for one that was ended by then."""
    lasting = db.session.scalar(
        select(Memorandum.id).where(Memorandum.id == memorandum_id, _lasts(day)).limit(1)
    )
    revision = publishing.current(Subject.MEMORANDUM, memorandum_id, day) if lasting else None
    return Published(memorandum_id, revision) if revision else None


def all_published(day: date, place_code: str = "") -> list[Published]:
    """The same for every memorandum, or those of one place's bureaus, by place, bureau and department."""
    newest = (
        select(Revision.subject_id, func.max(Revision.number).label("number"))
        .join(Memorandum, Memorandum.id == Revision.subject_id)
        .where(
            Revision.subject == Subject.MEMORANDUM,
            Revision.state == RevisionState.PUBLISHED,
            Revision.effective_on <= day,
            _lasts(day),
        )
        .group_by(Revision.subject_id)
    )
    if place_code:
        newest = newest.join(Memorandum.bureau).join(Organisation.place).where(Place.code == place_code)
    each_newest = newest.subquery()
    wanted = select(Revision).join(
        each_newest,
        (Revision.subject_id == each_newest.c.subject_id) & (Revision.number == each_newest.c.number),
    )
    found = [
        Published(each.subject_id, each)
        for each in db.session.scalars(wanted.where(Revision.subject == Subject.MEMORANDUM))
    ]
    return sorted(found, key=lambda each: (each.place["code"], each.bureau["id"], each.department["id"]))


def of_place(place_ids: Iterable[int]) -> Select[int]:
    """The keys of all memoranda of the approval bureaus of some places."""
    return select(Memorandum.id).join(Memorandum.bureau).where(Organisation.place_id.in_(list(place_ids)))


def _lasts(day: date) -> ColumnElement[bool]:
    return or_(Memorandum.ended_on.is_(None), Memorandum.ended_on > day)


def _supports(stored: Mapping[str, Mapping[str, str]]) -> dict[Support, Share]:
    return {Support(key): Share(Doer(each["doer"]), each["sentence"]) for key, each in stored.items()}
