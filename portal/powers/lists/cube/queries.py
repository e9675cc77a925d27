"""Reading the cube of a revision."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from portal.db import db
from portal.powers.lists.cube.models import CubeOrder, CubeSet
from portal.powers.lists.cube.rules import Cube, Facet, Members, Order, unpacked, unpacked_rows
from portal.powers.lists.models import PublishedMatter

MOST = 500
"""So many matters are asked for by their keys; for more all rows are gone through at once."""


def cube(revision_id: int, place_id: int | None = None, *, whole: bool = True) -> Cube:
    """A revision's cube; its modes are the answers at the place, without one the usual modes.

    With `whole` false only the amounts are read, not which rows they are.
    """
    columns = (CubeSet.place_id, CubeSet.facet, CubeSet.value, CubeSet.amount)
    at_place = or_(CubeSet.place_id.is_(None), CubeSet.place_id == place_id)
    wanted = select(*columns, *([CubeSet.bits] if whole else ())).where(
        CubeSet.revision_id == revision_id, at_place
    )
    sets: dict[Facet, dict[str, Members]] = {}
    for row in db.session.execute(wanted):
        if row.facet is Facet.MODE and row.place_id != place_id:
            continue
        bits = unpacked(row.bits) if whole else 0
        sets.setdefault(row.facet, {})[row.value] = Members(row.amount, bits)
    size = sum(members.amount for members in sets.get(Facet.TYPE, {}).values())
    return Cube(size, sets)


def amounts(revision_ids: Collection[int]) -> dict[int, dict[Facet, dict[str, int]]]:
    """How many rows of each revision have which usual mode, type, department and status."""
    wanted = select(CubeSet.revision_id, CubeSet.facet, CubeSet.value, CubeSet.amount).where(
        CubeSet.revision_id.in_(revision_ids), CubeSet.place_id.is_(None)
    )
    found: dict[int, dict[Facet, dict[str, int]]] = {
        key: {facet: {} for facet in Facet} for key in revision_ids
    }
    for row in db.session.execute(wanted):
        found[row.revision_id][row.facet][row.value] = row.amount
    return found


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


def labels(revision_id: int) -> dict[str, str]:
    """How the list prints its usual modes, by their values; what it prints in several ways, as it mostly does."""
    wanted = select(CubeSet.value, CubeSet.label).where(
        CubeSet.revision_id == revision_id, CubeSet.place_id.is_(None), CubeSet.label != ""
    )
    return {row.value: row.label for row in db.session.execute(wanted)}


def ordered(revision_id: int, order: Order) -> Sequence[int]:
    """The revision's rows in an order other than the list's own."""
    stored = db.session.scalar(
        select(CubeOrder.rows).where(CubeOrder.revision_id == revision_id, CubeOrder.kind == order)
    )
    return unpacked_rows(stored or b"")


def rows_of(revision_id: int, matters: Collection[int]) -> dict[int, int]:
    """In which row of a revision matters stand, by their keys; those that it does not hold are left out."""
    wanted = select(PublishedMatter.matter_id, PublishedMatter.position).where(
        PublishedMatter.revision_id == revision_id
    )
    if len(matters) <= MOST:
        wanted = wanted.where(PublishedMatter.matter_id.in_(matters))
    keys = frozenset(matters)
    found = db.session.execute(wanted) if keys else ()
    return {row.matter_id: row.position - 1 for row in found if row.matter_id in keys}


def uneven(revision_id: int) -> int:
    """The rows of a revision that some place answers otherwise than usual."""
    stored = db.session.scalar(
        select(CubeSet.bits).where(CubeSet.revision_id == revision_id, CubeSet.facet == Facet.UNEVEN)
    )
    return unpacked(stored or b"")
