"""The rows of lists for a reader: searched, narrowed by state, type and department, with the answer at a place.

All narrowing happens on light rows (ids and what is counted), so that the counts beside each choice agree with
what the choice shows; only one page of full rows is then read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from portal.db import db
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.lists.search import like_pattern
from portal.powers.matters.rules import MatterType, fold_name
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local

PAGE = 100


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for; empty choices mean everything."""

    query: str = ""
    modes: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    page: int = 1


@dataclass(frozen=True)
class Light:
    """As much of a row as counting and narrowing need; `mode` is the answer at the place, else the usual one."""

    id: int
    matter_id: int
    type: MatterType
    department: str
    mode: Mode
    rank: int = 0


@dataclass(frozen=True)
class Found:
    """One page of rows, how many there are in all, and the counts beside the choices."""

    ids: Sequence[Light]
    total: int
    page: int
    last: int
    modes: Mapping[Mode, int] = field(default_factory=dict)
    types: Mapping[MatterType, int] = field(default_factory=dict)
    departments: Mapping[str, int] = field(default_factory=dict)


def light_rows(
    edition: Edition, place: PlaceName | None, query: str, local: Local | None = None
) -> list[Light]:
    """A revision's rows that the query finds, the best first, with the answer at the place.

    An empty query finds everything in the list's own order. Without `local` the answers are the revision's own.
    """
    wanted = (
        select(
            PublishedMatter.id,
            PublishedMatter.matter_id,
            PublishedMatter.type,
            PublishedMatter.department,
            PublishedMatter.mode,
            PublishedMatter.name,
        )
        .where(PublishedMatter.revision_id == edition.revision.id)
        .order_by(PublishedMatter.position)
    )
    if fold_name(query):
        wanted = wanted.where(PublishedMatter.search_text.like(like_pattern(query), escape="\\"))
    folded = fold_name(query)

    def answer(matter_id: int, printed: Mode) -> Mode:
        return local.mode(edition, matter_id, place, printed) if local and place else printed

    found = db.session.execute(wanted).all()
    given = _answers_at(place, [row.id for row in found]) if place else {}
    rows = [
        Light(key, matter, kind, department, answer(matter, given.get(key, usual)), _rank(name, folded))
        for key, matter, kind, department, usual, name in found
    ]
    return sorted(rows, key=lambda row: row.rank) if folded else rows


def _answers_at(place: PlaceName, ids: Sequence[int]) -> dict[int, Mode]:
    """A place's answers by row id; rows of other revisions between the first and the last may be among them.

    One table and a range, no join: right after a long list is published PostgreSQL knows nothing of the new rows
    and joins them in minutes.
    """
    if not ids:
        return {}
    wanted = select(Answer.published_matter_id, Answer.mode).where(
        Answer.place_id == place.reached.id, Answer.published_matter_id.between(min(ids), max(ids))
    )
    return {row.published_matter_id: row.mode for row in db.session.execute(wanted)}


def _rank(name: str, folded: str) -> int:
    """A hit in the name comes before one in the department, pinyin or everyday names."""
    if not folded:
        return 0
    own = fold_name(name)
    if own.startswith(folded):
        return 0
    return 1 if folded in own else 2


def narrow(rows: Sequence[Light], wanted: Wanted) -> Found:
    """One page of the rows that meet every choice, with counts for each group of choices.

    A group's counts follow from the other groups: they say what would be shown if the choice were made.
    """
    tests: dict[str, Callable[[Light], bool]] = {}
    if wanted.modes:
        tests["mode"] = lambda row: row.mode.value in wanted.modes
    if wanted.types:
        tests["type"] = lambda row: row.type.value in wanted.types
    if wanted.departments:
        tests["department"] = lambda row: row.department in wanted.departments

    def without(group: str) -> Iterable[Light]:
        others = [test for name, test in tests.items() if name != group]
        return (row for row in rows if all(test(row) for test in others)) if others else rows

    kept = list(without(""))
    last = max(1, -(-len(kept) // PAGE))
    page = min(max(wanted.page, 1), last)
    return Found(
        ids=kept[(page - 1) * PAGE : page * PAGE],
        total=len(kept),
        page=page,
        last=last,
        modes=Counter(row.mode for row in without("mode")),
        types=Counter(row.type for row in without("type")),
        departments=Counter(row.department for row in without("department")),
    )


def full_rows(found: Sequence[Light]) -> dict[int, PublishedMatter]:
    """The whole rows of a page, by id."""
    ids = [row.id for row in found]
    rows = db.session.scalars(select(PublishedMatter).where(PublishedMatter.id.in_(ids)))
    return {row.id: row for row in rows}


def answers(ids: Sequence[int]) -> dict[int, dict[int, Mode]]:
    """Every answer of the rows: by row id, then by place id."""
    found: dict[int, dict[int, Mode]] = {key: {} for key in ids}
    wanted = select(Answer.published_matter_id, Answer.place_id, Answer.mode)
    for key, place_id, mode in db.session.execute(wanted.where(Answer.published_matter_id.in_(ids))):
        found[key][place_id] = mode
    return found
