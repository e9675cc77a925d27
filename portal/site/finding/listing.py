"""One page of a list: which of its rows meet what was asked, in which order, with the counts beside every choice.

All of it comes from the revision's cube, so it takes as long for a million answers as for some thousands; only the
rows of the page itself are then read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.foundation.search.queries import Found, matching
from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.cube.rules import Cube, Facet, Order, gathered
from portal.powers.lists.indexing import KIND
from portal.powers.lists.rules import Mode
from portal.site.editions import Edition, PlaceName
from portal.site.finding.asked import GROUPS, Asked
from portal.site.finding.cursors import Cursor
from portal.site.finding.narrowing import handled, moved, narrow
from portal.site.finding.sequences import InListOrder, InOrder, Sorted
from portal.site.local import Local

PAGE = 100
"""So many rows make a page."""
MOST = 1000
"""So many hits of words are counted and shown; of more it is only said that there are."""


@dataclass(frozen=True)
class Page:
    """The rows of one page, by their place in the list's own order from 0, and how many there are in all.

    `start` is how many come before the page's first one; `counts` are by group and value, `handled` by place id.
    `found` is what the words found, None where none were asked for.
    """

    rows: Sequence[int]
    start: int
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    handled: Mapping[int, int] = field(default_factory=dict)
    found: Found | None = None

    @property
    def more(self) -> bool:
        """Whether the words find more than was counted."""
        return self.found is not None and self.found.more

    @property
    def stop(self) -> int:
        """How many rows come before the next page."""
        return self.start + len(self.rows)


@dataclass(frozen=True)
class Question:
    """What is asked of one revision from one place; without `local` its answers are the revision's own."""

    edition: Edition
    place: PlaceName | None
    local: Local | None
    asked: Asked

    @property
    def revision_id(self) -> int:
        """The revision's key."""
        return self.edition.revision.id

    @property
    def whole(self) -> bool:
        """Whether anything narrows the list, so that amounts alone do not answer."""
        return bool(self.asked.chosen or self.asked.query)


def page(question: Question, cursor: Cursor | None = None, *, size: int = PAGE) -> Page | None:
    """The page that is asked for, of at most `size` rows; `cursor` is where the address says that it begins.

    None when the address means a page that there is not.
    """
    asked = question.asked
    cube = _cube(question)
    found = matching(KIND, question.revision_id, asked.query, MOST) if asked.query else None
    hits = [hit.position for hit in found.hits] if found else None
    base = cube.all if hits is None else gathered(hits, cube.size)
    narrowed = narrow(cube, GROUPS, asked.chosen, base)
    rows = _sorted(question, narrowed.rows, hits)
    start = _start(asked, rows, cursor, size)
    if start is None:
        return None
    return Page(
        rows=rows.take(start, size),
        start=start,
        total=rows.total,
        counts=narrowed.counts,
        handled=_handled(question, cube, narrowed.others),
        found=found,
    )


def meeting(question: Question) -> int:
    """The rows that meet the choices, as a set of bits in the list's own order; words are not looked for."""
    cube = _cube(question)
    return narrow(cube, GROUPS, question.asked.chosen, cube.all).rows


def _cube(question: Question) -> Cube:
    """The cube as it is seen from the place, with what the place itself chose (D-2)."""
    edition, place, local = question.edition, question.place, question.local
    cube = cubes.cube(question.revision_id, place.reached.id if place else None, whole=question.whole)
    if place is None or local is None or Mode.UNDETERMINED.value not in cube.of(Facet.MODE):
        return cube
    choices = local.choices(edition, place)
    if not choices:
        return cube
    whole = cube if question.whole else cubes.cube(question.revision_id, place.reached.id)
    return with_choices(whole, edition, choices)


def with_choices(cube: Cube, edition: Edition, choices: Mapping[int, Mode]) -> Cube:
    """A whole cube once a place's choices, by matter, take the place of what the list leaves open."""
    rows = cubes.rows_of(edition.revision.id, choices)
    return cube.with_modes(moved(cube.of(Facet.MODE), _by_row(choices, rows)))


def _sorted(question: Question, rows: int, hits: Sequence[int] | None) -> Sorted:
    """The rows in the order that is asked for: by default the best hits first, without words the list's own."""
    order = question.asked.order
    if order is None and hits is not None:
        return InOrder(hits, rows)
    if order is None or order is Order.LIST:
        return InListOrder(rows)
    return InOrder(cubes.ordered(question.revision_id, order), rows)


def _start(asked: Asked, rows: Sorted, cursor: Cursor | None, size: int) -> int | None:
    """How many rows come before the page; None for a page that there is not."""
    if cursor is None:
        first = (asked.page - 1) * size
        return first if first == 0 or first < rows.total else None
    row = cursor.position - 1
    if asked.before:
        before = rows.before(row)
        return None if before is None else max(0, before - size)
    start = rows.through(row)
    # What came after may have gone with another choice: the last page is then the nearest.
    return None if start is None else min(start, max(0, rows.total - 1) // size * size)


def _handled(question: Question, cube: Cube, kept: int) -> dict[int, int]:
    """How many of the rows each place handles, by place id."""
    chosen, local, edition = question.asked.chosen, question.local, question.edition
    answers = cubes.answers(question.revision_id, whole=question.whole)
    open_at = [key for key, modes in answers.items() if Mode.UNDETERMINED.value in modes]
    choices = local.choices_everywhere(edition) if local and open_at else {}
    made = {key: choices[key] for key in open_at if choices.get(key)}
    if made:
        whole = answers if question.whole else cubes.answers(question.revision_id)
        rows = cubes.rows_of(question.revision_id, {matter for each in made.values() for matter in each})
        for key, said in made.items():
            answers[key] = moved(whole[key], _by_row(said, rows))
    return {key: handled(modes, chosen, kept, cube.all) for key, modes in answers.items()}


def _by_row(choices: Mapping[int, Mode], rows: Mapping[int, int]) -> dict[int, Mode]:
    return {rows[matter]: mode for matter, mode in choices.items() if matter in rows}
