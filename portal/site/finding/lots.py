"""Everything that one place does of a list, as lots of rows for which the same holds; taken from the cube."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.cube.rules import Facet, Members, gathered, stretch
from portal.powers.lists.rules import Mode
from portal.powers.uptakes.queries import Statement
from portal.site.editions import Edition, PlaceName
from portal.site.finding.lines import read
from portal.site.finding.listing import with_choices
from portal.site.local import Local
from portal.site.situations import Situation


@dataclass(frozen=True)
class Lot:
    """Rows, as a set in the list's own order, of one mode, one standing and one place; `at` holds for the first."""

    mode: Mode
    rows: int
    at: Situation

    @property
    def total(self) -> int:
        """How many rows there are."""
        return self.rows.bit_count()


def lots(edition: Edition, place: PlaceName, local: Local) -> list[Lot]:
    """All rows of a list at a place, each in one lot (D-7); the lots in the order of their first rows.

    A town has lots of its own for what the list leaves open, for all else those of the place above it (D-10).
    """
    printed = cubes.cube(edition.revision.id, place.reached.id)
    cube = with_choices(printed, edition, local.choices(edition, place))
    left_open = printed.of(Facet.MODE).get(Mode.UNDETERMINED.value, Members(0)).bits
    parts = [
        part
        for here, rows in ((place, left_open), (place.reached, printed.all & ~left_open))
        for part in _parts(edition, rows, local.of(here.id), local)
    ]
    found = [
        Lot(Mode(mode), rows, _situation(edition, rows, place, Mode(mode), local))
        for mode, members in cube.of(Facet.MODE).items()
        for part in parts
        if (rows := members.bits & part)
    ]
    return sorted(found, key=lambda lot: lot.rows & -lot.rows)


def _parts(edition: Edition, rows: int, said: Statement | None, local: Local) -> Iterator[int]:
    """Rows by whether their receiver has begun, is still to begin, or is not named (D-9, D-11)."""
    begun = pending = 0
    if said and said.receivers:
        at = cubes.rows_of(edition.revision.id, said.receivers)
        known = [
            (at[matter], each.begun(local.day)) for matter, each in said.receivers.items() if matter in at
        ]
        size = rows.bit_length()
        begun = rows & gathered((row for row, has in known if has and row < size), size)
        pending = rows & gathered((row for row, has in known if not has and row < size), size)
    yield from filter(None, (begun, pending, rows & ~begun & ~pending))


def _situation(edition: Edition, rows: int, place: PlaceName, mode: Mode, local: Local) -> Situation:
    (first,) = read(edition, stretch(rows, 0, 1))
    return local.situation(edition, first, place, mode)
