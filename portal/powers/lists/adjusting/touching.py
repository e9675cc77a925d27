"""What a change of a list touches, before anybody decides on it: each slice adds what it knows (P-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.deadlines.models import RUNNING, Deadline
from portal.foundation.deadlines.queries import address_of
from portal.foundation.places.models import Place
from portal.i18n import mark
from portal.powers.lists.adjusting.rules import OF_POWERS, kinds
from portal.powers.lists.models import Delegation, PowerList

BATCH = 5_000
LISTED = 20
"""So many records are named one by one; all are counted."""


@dataclass(frozen=True)
class Touched:
    """What a change touches: for each matter (by id) the places (by id) that feel it. Words touch nothing."""

    power_list: PowerList
    reaching: Mapping[int, frozenset[int]]
    places: Sequence[Place]
    """Those of `reaching`, in the list's order."""

    def batches(self) -> Iterator[tuple[int, ...]]:
        """The matters, so many at a time as a statement takes."""
        ids = sorted(self.reaching)
        for begin in range(0, len(ids), BATCH):
            yield tuple(ids[begin : begin + BATCH])

    def counted(self, pairs: Iterable[tuple[int, int]]) -> Counter[int]:
        """How many of these records, each (matter id, place id), are touched, by place id."""
        return Counter(place for matter, place in pairs if place in self.reaching.get(matter, ()))

    def by_place(self, title: str, counts: Mapping[int, int]) -> Iterator[Consequence]:
        """One consequence whose records are counted place by place; none where there is nothing."""
        if total := sum(counts.values()):
            named = [(place.name, counts[place.id], "") for place in self.places if counts.get(place.id)]
            yield Consequence(title, total, named)


@dataclass(frozen=True)
class Consequence:
    """Records of one kind that a change touches: how many, and some of them by name, number and path.

    `title` is a text of the catalogue. A number of 0 is not told, an empty path is no link.
    """

    title: str
    count: int
    named: Sequence[tuple[str, int, str]] = field(default_factory=list)


Finder = Callable[[Touched], Iterable[Consequence]]

_finders: list[Finder] = []


def register_touched(find: Finder) -> None:
    """Let a slice say which of its records a change of a list touches; once, when the application starts."""
    if find not in _finders:
        _finders.append(find)


def touched(power_list: PowerList, difference: Mapping[str, Any]) -> Touched:
    """What a stored difference of a list touches: a matter whose answers moved, where they moved; else everywhere."""
    ids = {place.code: place.id for place in power_list.scope.members}
    everywhere = frozenset(ids.values())
    reaching = {}
    for entry in difference.get("entries", ()):
        if not OF_POWERS & set(kinds(entry)):
            continue
        moved = frozenset(ids[code] for code in entry.get("answers", ()) if code in ids)
        reaching[entry["matter_id"]] = moved or everywhere
    felt = frozenset().union(*reaching.values())
    return Touched(power_list, reaching, [each for each in power_list.scope.members if each.id in felt])


def consequences(power_list: PowerList, difference: Mapping[str, Any]) -> list[Consequence]:
    """Everything that the change touches, as far as the slices know; empty where it is words alone."""
    change = touched(power_list, difference)
    if not change.reaching:
        return []
    return [each for find in (_matters, _elsewhere, *_finders, _owed) for each in find(change)]


def _matters(change: Touched) -> Iterator[Consequence]:
    counts = Counter(place for places in change.reaching.values() for place in places)
    named = [(place.name, counts[place.id], "") for place in change.places]
    yield Consequence(mark("涉及的地方"), len(change.places), named)


def _elsewhere(change: Touched) -> Iterator[Consequence]:
    """Other lists that hold the same matters."""
    counts: Counter[int] = Counter()
    for some in change.batches():
        rows = db.session.execute(
            select(Delegation.list_id, func.count())
            .join(Delegation.power_list)
            .where(
                Delegation.matter_id.in_(some),
                Delegation.list_id != change.power_list.id,
                PowerList.earlier_of_id.is_(None),
            )
            .group_by(Delegation.list_id)
        )
        counts.update(dict(rows.all()))
    lists = db.session.scalars(select(PowerList).where(PowerList.id.in_(counts)).order_by(PowerList.id)).all()
    if lists:
        named = [(each.title, counts[each.id], f"/staff/lists/{each.id}/") for each in lists]
        yield Consequence(mark("还有同样事项的清单"), len(lists), named)


def _owed(change: Touched) -> Iterator[Consequence]:
    """What runs about the list at the places that feel it, or anywhere in its city."""
    places = [place.id for place in change.places] + [change.power_list.place_id]
    where = (RUNNING, Deadline.list_id == change.power_list.id, Deadline.place_id.in_(places))
    count = db.session.scalar(select(func.count(Deadline.id)).where(*where)) or 0
    if count:
        first = db.session.scalars(
            select(Deadline).where(*where).order_by(Deadline.due_on, Deadline.id).limit(LISTED)
        )
        yield Consequence(
            mark("正在计算的时限"), count, [(each.title, 0, address_of(each)) for each in first]
        )
