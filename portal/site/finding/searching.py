"""One page of hits over all lists in force, and the lists' own rows where no words are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.foundation.search.asking.rules import Word
from portal.foundation.search.queries import Found, Hit, find
from portal.powers.lists.cube.rules import Facet
from portal.powers.lists.indexing import KIND
from portal.site.editions import Edition, PlaceName
from portal.site.finding.asked import Asked
from portal.site.finding.lines import lines
from portal.site.finding.listing import Question, meeting, page
from portal.site.finding.marking import mark_rows
from portal.site.local import Local

PAGE = 50
"""So many hits make a page."""
COUNTED = 200
"""So many hits are counted; of more it is only said that there are."""
FIRST = 100
"""So many rows of each list are shown where no words are asked for."""
LAST = 20
"""Nobody reads further; who wants more looks in one list, or says more of what is wanted."""


@dataclass(frozen=True)
class Search:
    """What is looked for: words, choices of the address, the place, and the page from 1."""

    editions: Sequence[Edition]
    query: str
    chosen: Mapping[Facet, frozenset[str]]
    code: str | None
    local: Local
    page: int = 1

    def place(self, edition: Edition) -> PlaceName | None:
        """The place as a list knows it; None where the list does not reach it."""
        return edition.place(self.code)

    def question(self, edition: Edition, query: str = "") -> Question:
        """The same asked of one list."""
        return Question(edition, self.place(edition), self.local, Asked(query=query, chosen=self.chosen))


@dataclass(frozen=True)
class Group:
    """Hits in lists that reach the chosen place, or in those that do not; without a place there is one group."""

    rows: Sequence[dict[str, Any]]
    reaches: bool


@dataclass(frozen=True)
class Results:
    """One page of hits; `total` is how many there are, `more` that there are more than were counted."""

    groups: Sequence[Group]
    words: Sequence[Word]
    as_asked: bool
    total: int
    more: bool
    start: int
    has_next: bool

    @property
    def stop(self) -> int:
        """How many hits come before the next page."""
        return self.start + sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True)
class Section:
    """What one list holds: its first rows, how many there are in all, whether it reaches the place."""

    edition: Edition
    rows: Sequence[dict[str, Any]]
    total: int
    reaches: bool


def search(asked: Search) -> Results:
    """The page of hits that is asked for, those that the place can be answered for first."""
    start, limit = (asked.page - 1) * PAGE, max(COUNTED, asked.page * PAGE)
    reached = [each for each in asked.editions if asked.place(each) or not asked.code]
    first = _find(asked, reached, limit)
    others = [each for each in asked.editions if each not in reached]
    left = limit - len(first.hits)
    second = _find(asked, others, left) if others and left > 0 else Found([], (), more=False)
    shown = first if first.hits else second
    hits = [*first.hits, *second.hits]
    more = first.more or second.more or bool(others and left <= 0)
    on_page = hits[start : start + PAGE]
    cut = max(0, min(len(first.hits) - start, PAGE))
    groups = [
        Group(_rows(asked, on_page[:cut], first.words), reaches=True),
        Group(_rows(asked, on_page[cut:], second.words), reaches=False),
    ]
    return Results(
        groups=[group for group in groups if group.rows],
        words=shown.words,
        as_asked=shown.as_asked,
        total=len(hits),
        more=more,
        start=start,
        has_next=(len(hits) > start + PAGE or more) and asked.page < LAST,
    )


def sections(asked: Search) -> list[Section]:
    """The rows of every list that meet the choices; lists that reach the place come first, empty ones not at all."""
    found = []
    for edition in asked.editions:
        question = asked.question(edition)
        kept = page(question, size=FIRST)
        if kept and kept.total:
            rows = lines(edition, kept.rows, question.place, asked.local)
            found.append(Section(edition, rows, kept.total, reaches=question.place is not None))
    return sorted(found, key=lambda each: not each.reaches)


def _find(asked: Search, some: Sequence[Edition], limit: int) -> Found:
    subjects = [each.revision.id for each in some]
    return find(KIND, subjects, asked.query, limit=limit, keep=_keeper(asked, some))


def _keeper(asked: Search, some: Sequence[Edition]) -> Callable[[Sequence[Hit]], Collection[int]] | None:
    """What keeps the hits that meet the choices; None where nothing was chosen."""
    if not asked.chosen:
        return None
    kept = {each.revision.id: meeting(asked.question(each)) for each in some}

    def keep(hits: Sequence[Hit]) -> Collection[int]:
        return {hit.record_id for hit in hits if kept[hit.subject_id] >> hit.position & 1}

    return keep


def _rows(asked: Search, hits: Sequence[Hit], words: Sequence[Word]) -> list[dict[str, Any]]:
    """The hits in their order, each as a row of its list with what was found in it marked."""
    if not hits:
        return []
    written: dict[tuple[int, int], dict[str, Any]] = {}
    for edition in asked.editions:
        mine = [hit.position for hit in hits if hit.subject_id == edition.revision.id]
        if not mine:
            continue
        said = {"list": edition.title, "list_href": url_for("site.power_list", slug=edition.slug)}
        for position, row in zip(mine, lines(edition, mine, asked.place(edition), asked.local), strict=True):
            written[edition.revision.id, position] = {**row, **said}
    return mark_rows([written[hit.subject_id, hit.position] for hit in hits], hits, words)
