"""Which handouts there are, which are due, and where one is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.handouts.models import Handout
from portal.powers.handouts.papers import Sheet
from portal.powers.handouts.rules import FORMATS, days, prepared
from portal.powers.lists import queries as lists
from portal.powers.lists.exports.formats import retried
from portal.powers.uptakes.queries import Statement


def of_revisions(revision_ids: Sequence[int], place_id: int | None = None) -> Sequence[Handout]:
    """Every handout about some revisions of lists, of one place or of all, with their files."""
    wanted = select(Handout).where(Handout.revision_id.in_(revision_ids)).options(joinedload(Handout.file))
    if place_id is not None:
        wanted = wanted.where(Handout.place_id == place_id)
    return db.session.scalars(wanted).all()


def one(revision_id: int, place_id: int, statement: int, ending: str) -> Handout | None:
    """One handout; `statement` is the number of the place's own revision, 0 for none."""
    return db.session.scalar(
        select(Handout).where(
            Handout.revision_id == revision_id,
            Handout.place_id == place_id,
            Handout.statement == statement,
            Handout.format == ending,
        )
    )


def wanted(place: Place, today: date) -> list[Sheet]:
    """What the place's handouts are about, today and on each day to come on which something known begins to hold."""
    said = _coming(Subject.UPTAKE, place.id)
    found: dict[tuple[int, int], Sheet] = {}
    for power_list in lists.every():
        issued = _coming(Subject.LIST, power_list.id)
        for day in days(today, issued, said):
            revision = publishing.current(Subject.LIST, power_list.id, day)
            if revision is None or not reaches(revision, place.id) or not feasible(revision):
                continue
            own = publishing.current(Subject.UPTAKE, place.id, day)
            key = (revision.id, own.number if own else 0)
            found.setdefault(key, Sheet(revision, place, Statement(own) if own else None))
    return list(found.values())


def reaches(revision: Revision, place_id: int) -> bool:
    """Whether a list's revision answers for a place."""
    return any(each["id"] == place_id for each in revision.content["place_ids"])


def feasible(revision: Revision) -> bool:
    """Whether the list is small enough for handouts of every place."""
    return prepared(len(revision.content["place_ids"]), lists.published_size(revision))


def lacking(place: Place, today: date) -> Iterator[tuple[Sheet, str]]:
    """The handouts of a place that are still to be made, with their formats; those that failed are tried again."""
    sheets = wanted(place, today)
    made = {
        (each.revision_id, each.statement, each.format)
        for each in of_revisions([sheet.revision.id for sheet in sheets], place.id)
        if not retried(each.reason)
    }
    for sheet in sheets:
        number = sheet.statement.revision.number if sheet.statement else 0
        for ending in FORMATS:
            if (sheet.revision.id, number, ending) not in made:
                yield sheet, ending


def reached_places(today: date) -> set[int]:
    """Ids of all places that a list reaches, today or later."""
    found: set[int] = set()
    for power_list in lists.every():
        for day in days(today, _coming(Subject.LIST, power_list.id)):
            if revision := publishing.current(Subject.LIST, power_list.id, day):
                found.update(each["id"] for each in revision.content["place_ids"])
    return found


def _coming(subject: Subject, subject_id: int) -> list[date]:
    published = publishing.revisions(subject, subject_id)
    return [each.effective_on for each in published if each.state is RevisionState.PUBLISHED]
