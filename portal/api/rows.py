"""Rows of published lists for collections: narrowed, batch by batch, in the lists' own order.

One table and some keys at a time, no joins: right after a long list is published PostgreSQL knows nothing of
its rows and joins them in minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from portal.api.parameters import Asked
from portal.db import db
from portal.foundation.search import queries as search
from portal.powers.lists.indexing import KIND
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site.editions import Edition

BATCH = 200
MOST_HITS = 10_000
"""Hits of a query that are read in one list; the description says so."""


@dataclass(frozen=True)
class Narrowed:
    """What is wanted of the rows; empty means everything."""

    query: str = ""
    types: tuple[MatterType, ...] = ()
    departments: tuple[str, ...] = ()
    status: str | None = None
    matter: int | None = None
    modes: frozenset[Mode] = frozenset()
    place: str | None = None


def narrowed(asked: Asked) -> Narrowed:
    """What the parameters ask of the rows."""
    return Narrowed(
        query=asked.one("q") or "",
        types=tuple(MatterType(kind) for kind in asked.many("type")),
        departments=tuple(asked.many("department")),
        status=asked.one("status") if asked.declares("status") else None,
        matter=asked.one("matter") if asked.declares("matter") else None,
        modes=frozenset(Mode(mode) for mode in asked.many("mode")),
        place=asked.one("place"),
    )


def batches(edition: Edition, wanted: Narrowed, begin: int = 0) -> Iterator[Sequence[PublishedMatter]]:
    """The rows of an edition after a position that meet everything but the modes, in the list's order."""
    if wanted.query:
        yield from _found(edition, wanted, begin)
        return
    while True:
        found = _read(_rows(edition, wanted).where(PublishedMatter.position > begin).limit(BATCH))
        if found:
            yield found
        if len(found) < BATCH:
            return
        begin = found[-1].position


def _found(edition: Edition, wanted: Narrowed, begin: int) -> Iterator[Sequence[PublishedMatter]]:
    """The same of the rows that a query finds, as the pages find them."""
    hits = search.matching(KIND, edition.revision.id, wanted.query, MOST_HITS).hits
    keys = [hit.record_id for hit in sorted(hits, key=lambda hit: hit.position)]
    for first in range(0, len(keys), BATCH):
        some = PublishedMatter.id.in_(keys[first : first + BATCH])
        if found := _read(_rows(edition, wanted).where(some, PublishedMatter.position > begin)):
            yield found


def _read(wanted: Select[PublishedMatter]) -> Sequence[PublishedMatter]:
    return db.session.scalars(wanted.order_by(PublishedMatter.position)).all()


def printed(edition: Edition, rows: Sequence[PublishedMatter]) -> Mapping[int, Mapping[int, Mode]]:
    """Every answer of the rows, by row, then by place, in the order of the list's places."""
    ids = [row.id for row in rows]
    given: dict[int, dict[int, Mode]] = {key: {} for key in ids}
    wanted = select(Answer.published_matter_id, Answer.place_id, Answer.mode).where(
        Answer.published_matter_id.in_(ids)
    )
    for key, place_id, mode in db.session.execute(wanted):
        given[key][place_id] = mode
    order = [place.id for place in edition.places]
    return {key: {place_id: answers[place_id] for place_id in order} for key, answers in given.items()}


def _rows(edition: Edition, wanted: Narrowed) -> Select[PublishedMatter]:
    rows = select(PublishedMatter).where(PublishedMatter.revision_id == edition.revision.id)
    if wanted.types:
        rows = rows.where(PublishedMatter.type.in_(wanted.types))
    if wanted.departments:
        rows = rows.where(PublishedMatter.department.in_(wanted.departments))
    if wanted.status:
        rows = rows.where(PublishedMatter.status["state"].as_string() == wanted.status)
    if wanted.matter:
        rows = rows.where(PublishedMatter.matter_id == wanted.matter)
    return rows
