"""Two revisions of a list against each other, from their published rows (P-3): any two, in either direction.

Both are read along the matters' keys, a batch at a time, so that a long list costs time but no room; only which
rows differ, and how, is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.powers.lists.adjusting.rules import ChangeKind as Kind
from portal.powers.lists.adjusting.rules import of_sides
from portal.powers.lists.difference import changed_answers, changed_fields, compare_frames, frozen_in_time
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.snapshot import Row
from portal.site.editions import Edition, PlaceName
from portal.site.seeing import grid

BATCH = 5_000


ORDER = {kind: at for at, kind in enumerate(Kind)}
SPOKEN = frozenset(Kind) - {Kind.RENUMBERED}
"""What gets a card of its own: numbers that only moved up are counted."""
MODE_FIELDS = frozenset({"seq", "mode", "mode_label"})
"""Fields that a place does not feel while its own answer stays."""


@dataclass(frozen=True)
class Change:
    """One matter that differs: its rows in both revisions, the fields, and the places (codes) whose answer differs."""

    kind: Kind
    seq: int
    was_id: int | None
    now_id: int | None
    fields: Mapping[str, Sequence[Any]]
    moved: tuple[str, ...]

    def concerns(self, place: PlaceName) -> bool:
        """Whether it means something at a place: its answer there, or what the matter is."""
        if self.kind in (Kind.ADDED, Kind.WITHDRAWN):
            return place.reached.code in self.moved
        return felt(self.fields, self.moved, place.reached.code)


def felt(fields: Iterable[str], moved: Collection[str], code: str) -> bool:
    """Whether a changed matter is another one for a place: its answer there, or what holds everywhere.

    A remark that changed along with other places' answers speaks of those places.
    """
    aside = MODE_FIELDS | {"remark"} if moved else MODE_FIELDS
    return code in moved or bool(set(fields) - aside)


@dataclass(frozen=True)
class Comparison:
    """What differs between two revisions; with a place only what concerns it."""

    was: Edition
    now: Edition
    sizes: tuple[int, int]
    changes: Sequence[Change]
    place: PlaceName | None = None

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many matters had what happen to them."""
        return Counter(change.kind for change in self.changes)

    @property
    def spoken(self) -> list[Change]:
        """What is told matter by matter."""
        return [change for change in self.changes if change.kind in SPOKEN]

    @property
    def changed(self) -> int:
        """How many matters are in both revisions and differ in more than their number."""
        aside = (Kind.ADDED, Kind.WITHDRAWN, Kind.RENUMBERED)
        return sum(count for kind, count in self.counts.items() if kind not in aside)

    @property
    def unchanged(self) -> int:
        """How many matters are in both and say the same, but perhaps for their number."""
        return self.sizes[1] - self.counts[Kind.ADDED] - self.changed

    @property
    def answers(self) -> int:
        """How many answers of a matter at a place are not what they were."""
        if self.place:
            return sum(1 for change in self.changes if self.place.reached.code in change.moved)
        return sum(len(change.moved) for change in self.changes)

    @cached_property
    def frame(self) -> list[dict[str, Any]]:
        """What changed of the list itself, as portal.powers.lists.difference tells it."""
        return compare_frames(self.was.frame, self.now.frame)

    @property
    def same(self) -> bool:
        """Whether nothing at all differs."""
        return not self.changes and not self.frame


def compare(was: Edition, now: Edition, place: PlaceName | None = None) -> Comparison:
    """The comparison; of one list's revisions, the older need not come first."""
    sizes, register = [0, 0], frozen_in_time(was.revision, now.revision)
    changes = []
    for old, new in _paired(_rows(was), _rows(now)):
        sizes[0] += old is not None
        sizes[1] += new is not None
        change = _change(old, new, register=register)
        if change and (place is None or change.concerns(place)):
            changes.append(change)
    ordered = sorted(changes, key=lambda change: (ORDER[change.kind], change.seq))
    return Comparison(was, now, (sizes[0], sizes[1]), ordered, place)


Keyed = tuple[int, Row]


def _change(old: Keyed | None, new: Keyed | None, *, register: bool) -> Change | None:
    if old is None and new is not None:
        return Change(Kind.ADDED, new[1].seq, None, new[0], {}, tuple(new[1].answers))
    if old is not None and new is None:
        return Change(Kind.WITHDRAWN, old[1].seq, old[0], None, {}, tuple(old[1].answers))
    if old is None or new is None:
        return None
    fields = changed_fields(old[1], new[1], register=register)
    answers = changed_answers(old[1], new[1])
    if not fields and not answers:
        return None
    return Change(of_sides(fields, answers)[0], new[1].seq, old[0], new[0], fields, tuple(answers))


def _paired(before: Iterator[Keyed], after: Iterator[Keyed]) -> Iterator[tuple[Keyed | None, Keyed | None]]:
    """Rows of the same matter side by side; both come in the order of the matters' keys."""
    old, new = next(before, None), next(after, None)
    while old or new:
        if new is None or (old and old[1].matter_id < new[1].matter_id):
            yield old, None
            old = next(before, None)
        elif old is None or new[1].matter_id < old[1].matter_id:
            yield None, new
            new = next(after, None)
        else:
            yield old, new
            old, new = next(before, None), next(after, None)


def _rows(edition: Edition) -> Iterator[Keyed]:
    """A revision's rows with their keys, in the order of the matters' keys."""
    codes = {place.id: place.code for place in edition.places}
    after = 0
    while batch := db.session.execute(_batch(edition, after)).all():
        others = grid.differing((row.id, row.mode) for row in batch)
        for row in batch:
            yield row.id, _row(row, codes, others.get(row.id, {}))
        after = batch[-1].matter_id


def _batch(edition: Edition, after: int) -> Any:
    return (
        select(
            PublishedMatter.id,
            PublishedMatter.matter_id,
            PublishedMatter.seq,
            PublishedMatter.department,
            PublishedMatter.code,
            PublishedMatter.name,
            PublishedMatter.type,
            PublishedMatter.mode,
            PublishedMatter.mode_label,
            PublishedMatter.remark,
            PublishedMatter.sub_items,
            PublishedMatter.status,
            PublishedMatter.everyday_names,
        )
        .where(PublishedMatter.revision_id == edition.revision.id, PublishedMatter.matter_id > after)
        .order_by(PublishedMatter.matter_id)
        .limit(BATCH)
    )


def _row(row: Any, codes: Mapping[int, str], others: Mapping[int, Any]) -> Row:
    return Row(
        matter_id=row.matter_id,
        seq=row.seq,
        department=row.department,
        code=row.code,
        name=row.name,
        type=row.type.label,
        mode=row.mode.value,
        mode_label=row.mode_label,
        remark=row.remark,
        sub_items=tuple(row.sub_items),
        status=row.status,
        everyday_names=tuple(row.everyday_names),
        answers={code: others.get(key, row.mode).value for key, code in codes.items()},
    )
