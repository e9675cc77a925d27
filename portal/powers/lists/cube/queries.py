"""Reading the cube of a revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import or_, select

from portal.db import db
from portal.powers.lists.cube.models import CubeOrder, CubeSet
from portal.powers.lists.cube.rules import Facet, Order, everything, unpacked, unpacked_rows


@dataclass(frozen=True)
class Members:
    """How many rows have a value, and which; `bits` is 0 while only the amounts were read."""

    amount: int
    bits: int = 0
    label: str = ""


@dataclass(frozen=True)
class Cube:
    """The sets of a revision as they are seen from one place, or from none."""

    size: int
    sets: Mapping[Facet, Mapping[str, Members]]
    labels: Mapping[str, str] = field(default_factory=dict)
    """How the list prints its modes, by their values."""

    @property
    def all(self) -> int:
        """The set of all rows."""
        return everything(self.size)

    def of(self, facet: Facet) -> Mapping[str, Members]:
        """The sets of a facet by value."""
        return self.sets.get(facet, {})

    def with_modes(self, modes: Mapping[str, Members]) -> Cube:
        """The same with other answers."""
        return replace(self, sets={**self.sets, Facet.MODE: modes})


def cube(revision_id: int, place_id: int | None = None, *, whole: bool = True) -> Cube:
    """A revision's cube; its modes are the answers at the place, without one the usual modes.

    With `whole` false only the amounts are read, not which rows they are.
    """
    columns = (CubeSet.place_id, CubeSet.facet, CubeSet.value, CubeSet.label, CubeSet.amount)
    at_place = or_(CubeSet.place_id.is_(None), CubeSet.place_id == place_id)
    wanted = select(*columns, *([CubeSet.bits] if whole else ())).where(
        CubeSet.revision_id == revision_id, at_place
    )
    sets: dict[Facet, dict[str, Members]] = {}
    labels: dict[str, str] = {}
    for row in db.session.execute(wanted):
        if row.label:
            labels[row.value] = row.label
        if row.facet is Facet.MODE and row.place_id != place_id:
            continue
        bits = unpacked(row.bits) if whole else 0
        sets.setdefault(row.facet, {})[row.value] = Members(row.amount, bits, row.label)
    size = sum(members.amount for members in sets.get(Facet.TYPE, {}).values())
    return Cube(size, sets, labels)


def answers(revision_id: int, *, whole: bool = True) -> dict[int, dict[str, Members]]:
    """The answers of every place of a revision, by place id and mode."""
    columns = (CubeSet.place_id, CubeSet.value, CubeSet.amount)
    wanted = select(*columns, *([CubeSet.bits] if whole else ())).where(
        CubeSet.revision_id == revision_id, CubeSet.place_id.is_not(None)
    )
    found: dict[int, dict[str, Members]] = {}
    for row in db.session.execute(wanted):
        members = Members(row.amount, unpacked(row.bits) if whole else 0)
        found.setdefault(row.place_id, {})[row.value] = members
    return found


def ordered(revision_id: int, order: Order) -> Sequence[int]:
    """The revision's rows in an order other than the list's own."""
    stored = db.session.scalar(
        select(CubeOrder.rows).where(CubeOrder.revision_id == revision_id, CubeOrder.kind == order)
    )
    return unpacked_rows(stored or b"")
