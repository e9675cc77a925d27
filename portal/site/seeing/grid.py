"""A revision's matters with their answers at every place, held small: the usual answer and the places that differ.

For a matter and a place there is exactly one answer (D-7), and most are the usual one. Only the others are read,
with one question for every ten thousand matters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from portal.db import db
from portal.foundation.places.rules import PlaceKind
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local

CHUNK = 10_000
"""Ids in one question: SQLite takes 32,766 values, PostgreSQL 65,535."""

HANDED = frozenset(Mode) - {Mode.UNDELEGATED, Mode.UNDETERMINED}
"""The modes under which a place does something itself."""

Tally = Mapping[int, Counter[Mode]]
"""How many matters have which answer, by place id."""


@dataclass(frozen=True)
class Line:
    """One matter: its usual mode, and by place id the answers that are another one.

    `open_at` has the places for which the list leaves the mode open, whatever they chose; `stopped` is the day since
    which it is stopped, if it is (P-3).
    """

    id: int
    matter_id: int
    type: MatterType
    department: str
    usual: Mode
    differing: Mapping[int, Mode]
    open_at: frozenset[int] = frozenset()
    stopped: date | None = None

    def at(self, place_id: int) -> Mode:
        """The answer at one of the list's places."""
        return self.differing.get(place_id, self.usual)

    def modes(self, places: Sequence[PlaceName]) -> set[Mode]:
        """Every answer that some of the places have."""
        if not self.differing:
            return {self.usual}
        return {self.at(place.id) for place in places}

    def differs(self, places: Sequence[PlaceName]) -> bool:
        """Whether any of the places has another answer than the usual one."""
        return any(place.id in self.differing for place in places)


def columns(edition: Edition) -> list[PlaceName]:
    """The list's places in its order, the zones after the others."""
    return sorted(edition.places, key=lambda place: place.kind == PlaceKind.ZONE)


def read(edition: Edition, local: Local) -> list[Line]:
    """Every matter of a revision in the list's order, with what places have published of their own choices."""
    wanted = (
        select(
            PublishedMatter.id,
            PublishedMatter.matter_id,
            PublishedMatter.type,
            PublishedMatter.department,
            PublishedMatter.mode,
        )
        .where(PublishedMatter.revision_id == edition.revision.id)
        .order_by(PublishedMatter.position)
    )
    rows = db.session.execute(wanted).all()
    found = differing((row.id, row.mode) for row in rows)
    ids = [place.id for place in edition.places]
    lines = (
        Line(key, matter_id, kind, department, usual, found.get(key, {}))
        for key, matter_id, kind, department, usual in rows
    )
    return [_stopped(_overlaid(line, ids, edition, local), edition, local) for line in lines]


def differing(usual: Iterable[tuple[int, Mode]]) -> dict[int, dict[int, Mode]]:
    """The answers that are not their matter's usual one: by row id, then by place id.

    Takes pairs of a published row's id and its usual mode. No join: PostgreSQL knows nothing of rows that were
    only just published, and joins them in minutes.
    """
    pairs = list(usual)
    found: dict[int, dict[int, Mode]] = {}
    for begin in range(0, len(pairs), CHUNK):
        ids: dict[Mode, list[int]] = {}
        for key, mode in pairs[begin : begin + CHUNK]:
            ids.setdefault(mode, []).append(key)
        others: list[ColumnElement[bool]] = [
            and_(Answer.published_matter_id.in_(keys), Answer.mode != mode) for mode, keys in ids.items()
        ]
        wanted = select(Answer.published_matter_id, Answer.place_id, Answer.mode).where(or_(*others))
        for key, place_id, mode in db.session.execute(wanted):
            found.setdefault(key, {})[place_id] = mode
    return found


def _stopped(line: Line, edition: Edition, local: Local) -> Line:
    stop = local.stopped(edition, line.matter_id)
    return replace(line, stopped=stop.since) if stop else line


def _overlaid(line: Line, place_ids: Sequence[int], edition: Edition, local: Local) -> Line:
    """The line with the choices of places where the list leaves the mode open (D-2)."""
    if line.usual is not Mode.UNDETERMINED and Mode.UNDETERMINED not in line.differing.values():
        return line
    printed = {place_id: line.at(place_id) for place_id in place_ids}
    held = local.answers(edition, line.matter_id, printed)
    return replace(
        line,
        differing={key: mode for key, mode in held.items() if mode is not line.usual},
        open_at=frozenset(key for key, mode in printed.items() if mode is Mode.UNDETERMINED),
    )


def answers_at(lines: Sequence[Line], edition: Edition, place: PlaceName, local: Local) -> Iterator[Mode]:
    """The lines' answers at a place of the list or at a town below one, which may have a choice of its own (D-10)."""
    reached = place.reached.id
    for line in lines:
        if reached in line.open_at:
            yield local.mode(edition, line.matter_id, place, Mode.UNDETERMINED)
        else:
            yield line.at(reached)


def tally(lines: Sequence[Line], places: Sequence[PlaceName]) -> Tally:
    """How many of the lines have which answer at each of the places."""
    usual = Counter(line.usual for line in lines)
    found = {place.id: Counter(usual) for place in places}
    for line in lines:
        for place_id, mode in line.differing.items():
            if place_id in found:
                found[place_id][line.usual] -= 1
                found[place_id][mode] += 1
    return found
