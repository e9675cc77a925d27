"""What was published on which day, for everybody or as one list, one place or one department sees it (P-7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import defer

from portal.clock import HOME
from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.queries import PUBLIC
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.powers.lists.models import Answer, PowerList, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import changes
from portal.site.editions import PlaceName
from portal.site.seeing import statements
from portal.site.seeing.comparing import MODE_FIELDS, felt

SCANNED = 300
"""So many revisions are looked through, the newest first; older ones stand on their lists' own pages."""
LINES = 20
"""So many single changes of a publication are told; the rest are counted."""


@dataclass(frozen=True)
class Department:
    """A body as its page's address names it: the place whose body it is, and its name as printed."""

    code: str
    name: str


@dataclass(frozen=True)
class Wanted:
    """Whose changes: of all, or of one list, one place, one department."""

    power_list: PowerList | None = None
    place: PlaceName | None = None
    department: Department | None = None

    @property
    def single(self) -> bool:
        """Whether changes are told one by one."""
        return bool(self.power_list or self.place or self.department)


@dataclass(frozen=True)
class Line:
    """One change in words."""

    name: str
    text: str


@dataclass(frozen=True)
class Item:
    """One publication as it concerns whoever asks."""

    revision: Revision
    text: str
    note: str
    href: str
    entries: Sequence[Mapping[str, Any]] = ()
    lines: Sequence[Line] = ()

    @property
    def day(self) -> dt.date:
        """The day of publication in China."""
        return self.published.astimezone(HOME).date()

    @property
    def published(self) -> dt.datetime:
        """The moment of publication."""
        return self.revision.published_at or self.revision.proposal.proposed_at

    @property
    def updated(self) -> dt.datetime:
        """When it last changed: it was closed, or else published."""
        return self.revision.closed_at or self.published

    @property
    def more(self) -> int:
        """How many changes are not told one by one."""
        return max(0, len(self.entries) - len(self.lines))


@dataclass(frozen=True)
class Known:
    """What is read once for all publications: lists and places by key, whose matters are whose, who is reached."""

    lists: Mapping[int, PowerList]
    places: Mapping[int, Place]
    matters: Mapping[int, set[int]]
    """A department's matters by revision."""
    reaching: frozenset[int]
    """Revisions of lists that reach the place."""

    def own(self, list_id: int, revisions: Sequence[Revision]) -> set[int]:
        """A department's matters in a list, whichever revision named it."""
        mine = (self.matters.get(each.id, set()) for each in revisions if each.subject_id == list_id)
        return set().union(*mine)


def items(wanted: Wanted, begin: int, end: int) -> tuple[list[Item], int]:
    """Some of the publications that concern whoever asks, the newest first, and how many there are."""
    revisions = _revisions(wanted)
    known = _known(revisions, wanted)
    own: dict[int, set[int]] = {}
    if wanted.department:
        own = {each: known.own(each, revisions) for each in {revision.subject_id for revision in revisions}}
    found = [
        item
        for revision in revisions
        if (item := _item(revision, wanted, known, own.get(revision.subject_id, set()))) is not None
    ]
    return _told(found[begin:end], wanted), len(found)


def _known(revisions: Sequence[Revision], wanted: Wanted) -> Known:
    own = {each.subject_id for each in revisions if each.subject is Subject.UPTAKE}
    places = db.session.scalars(select(Place).where(Place.id.in_(own))) if own else ()
    return Known(
        lists={each.id: each for each in db.session.scalars(select(PowerList))},
        places={each.id: each for each in places},
        matters=_of_department(revisions, wanted.department) if wanted.department else {},
        reaching=_reaching(revisions, wanted.place) if wanted.place else frozenset(),
    )


def named(body: Department) -> bool:
    """Whether a published list of the place names the department, or an earlier revision did."""
    wanted = (
        select(PublishedMatter.id)
        .join(Revision, Revision.id == PublishedMatter.revision_id)
        .join(PowerList, PowerList.id == Revision.subject_id)
        .join(PowerList.place)
        .where(
            Revision.subject == Subject.LIST,
            Revision.state.in_(PUBLIC),
            Place.code == body.code,
            PublishedMatter.department == body.name,
        )
    )
    return body.name != "" and db.session.scalar(wanted.limit(1)) is not None


def by_day(found: Iterable[Item]) -> list[tuple[dt.date, list[Item]]]:
    """The publications of each day."""
    return [(day, list(run)) for day, run in groupby(found, key=lambda item: item.day)]


def _revisions(wanted: Wanted) -> list[Revision]:
    asked: list[ColumnElement[bool]] = [Revision.subject == Subject.LIST]
    if wanted.power_list:
        asked = [(Revision.subject == Subject.LIST) & (Revision.subject_id == wanted.power_list.id)]
    elif wanted.department:
        issued = select(PowerList.id).where(PowerList.place.has(code=wanted.department.code))
        asked = [(Revision.subject == Subject.LIST) & Revision.subject_id.in_(issued)]
    elif wanted.place:
        own = {wanted.place.id, wanted.place.reached.id}
        asked.append((Revision.subject == Subject.UPTAKE) & Revision.subject_id.in_(own))
    else:
        asked.append(Revision.subject == Subject.UPTAKE)
    return list(
        db.session.scalars(
            select(Revision)
            .where(Revision.state.in_(PUBLIC), or_(*asked))
            .order_by(Revision.published_at.desc(), Revision.id.desc())
            .limit(SCANNED)
            .options(defer(Revision.content))
        )
    )


def _of_department(revisions: Sequence[Revision], body: Department) -> dict[int, set[int]]:
    """The matters of a department by revision."""
    rows = db.session.execute(
        select(PublishedMatter.revision_id, PublishedMatter.matter_id).where(
            PublishedMatter.revision_id.in_([each.id for each in revisions]),
            PublishedMatter.department == body.name,
        )
    )
    found: dict[int, set[int]] = {}
    for revision_id, matter_id in rows:
        found.setdefault(revision_id, set()).add(matter_id)
    return found


def _reaching(revisions: Sequence[Revision], place: PlaceName) -> frozenset[int]:
    """First and re-scoped revisions of lists whose places include this one."""
    ids = [each.id for each in revisions if each.subject is Subject.LIST and _whole(each)]
    rows = db.session.execute(select(Revision.id, Revision.content).where(Revision.id.in_(ids)))
    return frozenset(
        row.id
        for row in rows
        if any(each["code"] == place.reached.code for each in row.content["frame"]["places"])
    )


def _whole(revision: Revision) -> bool:
    """Whether a revision concerns every matter: a first one, or one that changes the list itself."""
    return revision.first or bool(revision.difference.get("frame"))


def _item(revision: Revision, wanted: Wanted, known: Known, own: set[int]) -> Item | None:
    """The publication as it concerns whoever asks; None when it does not."""
    if revision.subject is Subject.UPTAKE:
        place = known.places[revision.subject_id]
        text = _("%(place)s公布承接单位和办事地点", place=_(place.name))
        href = url_for("site.place", code=place.code)
        note = statements.counted(revision)
        return Item(revision, text, note, href, revision.difference.get("entries", ()))
    power_list = known.lists[revision.subject_id]
    entries = _concerning(revision, wanted, own)
    if wanted.place:
        concerns = bool(entries) or revision.id in known.reaching
    elif wanted.department:
        concerns = bool(entries) or (_whole(revision) and revision.id in known.matters)
    else:
        concerns = True
    if not concerns:
        return None
    text = _("《%(title)s》第%(number)s版", title=power_list.title, number=revision.number)
    note = changes.summary(revision)
    if wanted.department and revision.first and revision.state is not RevisionState.CLOSED:
        count = len(known.matters.get(revision.id, ()))
        note = ngettext("第一次公布，%(num)s 项", "第一次公布，%(num)s 项", count)
    return Item(revision, text, note, _href(revision, power_list, wanted), entries)


def _href(revision: Revision, power_list: PowerList, wanted: Wanted) -> str:
    """The comparison with the revision before; a first or closed one's own page."""
    if revision.first or revision.state is RevisionState.CLOSED:
        return url_for("site.revision", slug=power_list.slug, number=revision.number)
    at: dict[str, Any] = {"at": wanted.place.code} if wanted.place else {}
    return url_for("site.comparison", slug=power_list.slug, to=revision.number, **at)


def _concerning(revision: Revision, wanted: Wanted, matters: set[int]) -> list[Mapping[str, Any]]:
    """The single changes that concern whoever asks; none of a closed revision are told."""
    if revision.state is RevisionState.CLOSED:
        return []
    entries: Sequence[Mapping[str, Any]] = revision.difference.get("entries", ())
    if wanted.place:
        code = wanted.place.reached.code
        return [
            entry
            for entry in entries
            if entry["change"] != "changed" or felt(entry["fields"], entry["answers"], code)
        ]
    if wanted.department:
        return [entry for entry in entries if entry["matter_id"] in matters]
    return list(entries)


def _told(found: Sequence[Item], wanted: Wanted) -> list[Item]:
    """The publications with their single changes in words, where they are told one by one."""
    if not wanted.single:
        return list(found)
    names = {each.code: each.name for each in _places(found)}
    given = _given(found, wanted.place) if wanted.place else {}
    return [
        replace(item, lines=[_line(item, entry, wanted, names, given) for entry in item.entries[:LINES]])
        for item in found
    ]


def _line(
    item: Item,
    entry: Mapping[str, Any],
    wanted: Wanted,
    names: Mapping[str, str],
    given: Mapping[tuple[int, int], Mode],
) -> Line:
    if item.revision.subject is Subject.UPTAKE:
        return Line(*statements.entry(entry))
    if wanted.place is None:
        return Line(entry["name"], changes.entry(entry, names))
    mode = given.get((item.revision.id, entry["matter_id"]))
    if entry["change"] == "added" and mode:
        return Line(entry["name"], _("加入清单，办法是“%(mode)s”", mode=_(mode.label)))
    return Line(entry["name"], changes.entry(_own(entry, wanted.place.reached.code), names))


def _own(entry: Mapping[str, Any], code: str) -> dict[str, Any]:
    """A change with as much of it as one place feels."""
    fields = {name: sides for name, sides in entry.get("fields", {}).items() if name not in MODE_FIELDS}
    answers = {key: sides for key, sides in entry.get("answers", {}).items() if key == code}
    return {**entry, "fields": fields, "answers": answers}


def _places(found: Sequence[Item]) -> Iterable[Any]:
    """The places that the changes name."""
    codes = {code for item in found for entry in item.entries[:LINES] for code in entry.get("answers", {})}
    return db.session.execute(select(Place.code, Place.name).where(Place.code.in_(codes)))


def _given(found: Sequence[Item], place: PlaceName) -> dict[tuple[int, int], Mode]:
    """The answers at the place for matters that a revision brought in, by revision and matter."""
    keys = {
        (item.revision.id, entry["matter_id"])
        for item in found
        for entry in item.entries[:LINES]
        if item.revision.subject is Subject.LIST and entry["change"] == "added"
    }
    rows = db.session.execute(
        select(PublishedMatter.id, PublishedMatter.revision_id, PublishedMatter.matter_id).where(
            PublishedMatter.revision_id.in_({revision for revision, _matter in keys}),
            PublishedMatter.matter_id.in_({matter for _revision, matter in keys}),
        )
    ).all()
    held = db.session.execute(
        select(Answer.published_matter_id, Answer.mode).where(
            Answer.published_matter_id.in_([row.id for row in rows]), Answer.place_id == place.reached.id
        )
    )
    modes = {row.published_matter_id: row.mode for row in held}
    return {(row.revision_id, row.matter_id): modes[row.id] for row in rows if row.id in modes}
