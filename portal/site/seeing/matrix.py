"""The coverage matrix: a row a matter, a column a place, grouped by the usual mode, with totals (P-4, D-7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from portal.address import carried
from portal.db import db
from portal.foundation.places.rules import PlaceKind
from portal.i18n import foreign
from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.seeing import grid
from portal.site.seeing.grid import Line
from portal.site.seeing.tilemaps import short
from portal.site.spread import shares
from portal.site.transfers import sentences as transferring

PAGE = 300
"""So many matters are shown at once; no list known so far has more."""


@dataclass(frozen=True)
class Asked:
    """What a reader wants to see of the matrix; empty choices mean everything."""

    modes: frozenset[str]
    types: frozenset[str]
    departments: frozenset[str]
    places: frozenset[str]
    differing: bool
    page: int

    @property
    def narrowed(self) -> bool:
        """Whether some matters may be left out."""
        return bool(self.modes or self.types or self.departments or self.differing)


def asked(page: int) -> Asked:
    """What the address asks for, on a page of it."""

    def chosen(name: str) -> frozenset[str]:
        return frozenset(filter(None, request.args.getlist(name)))

    return Asked(
        chosen("mode"),
        chosen("type"),
        chosen("department"),
        chosen("place"),
        request.args.get("differing") == "1",
        page,
    )


@dataclass(frozen=True)
class Matrix:
    """What is shown: the columns, one page of the matters in their groups, and figures over all that was kept."""

    edition: Edition
    columns: Sequence[PlaceName]
    lines: Sequence[Line]
    kept: Sequence[Line]
    wanted: Asked

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-len(self.kept) // PAGE))

    @property
    def answers(self) -> int:
        """How many answers the matters kept have in the columns."""
        return len(self.kept) * len(self.columns)

    @property
    def differing(self) -> int:
        """How many of these are not their matter's usual one."""
        ids = {place.id for place in self.columns}
        return sum(1 for line in self.kept for place_id in line.differing if place_id in ids)

    @property
    def exceptional(self) -> int:
        """How many matters of the whole list differ somewhere."""
        return sum(1 for line in self.lines if line.differing)

    @property
    def first_zone(self) -> str:
        """The code of the column before which a line is drawn; empty where nothing is to be set apart."""
        zones = [place.code for place in self.columns if place.kind == PlaceKind.ZONE]
        return zones[0] if zones and len(zones) < len(self.columns) else ""


def make(edition: Edition, lines: Sequence[Line], wanted: Asked) -> Matrix:
    """The matrix for what a reader wants; places that the list does not reach are passed over."""
    every = grid.columns(edition)
    chosen = [place for place in every if place.code in wanted.places] or every
    tests = _tests(wanted, chosen)
    kept = [line for line in lines if all(test(line) for test in tests.values())]
    order = {mode: at for at, mode in enumerate(dict.fromkeys(line.usual for line in lines))}
    return Matrix(edition, chosen, lines, sorted(kept, key=lambda line: order[line.usual]), wanted)


def _tests(wanted: Asked, places: Sequence[PlaceName]) -> dict[str, Callable[[Line], bool]]:
    tests: dict[str, Callable[[Line], bool]] = {}
    if wanted.modes:
        tests["mode"] = lambda line: any(mode.value in wanted.modes for mode in line.modes(places))
    if wanted.types:
        tests["type"] = lambda line: line.type.value in wanted.types
    if wanted.departments:
        tests["department"] = lambda line: line.department in wanted.departments
    if wanted.differing:
        tests["differing"] = lambda line: line.differs(places)
    return tests


def parts(matrix: Matrix) -> dict[str, Any]:
    """Everything that the page shows of a matrix, by the names that its template knows."""
    return {
        "heads": heads(matrix),
        "groups": groups(matrix),
        "words": words(matrix),
        "totals": totals(matrix),
        "choices": choices(matrix),
        "every_place": grid.columns(matrix.edition),
    }


def groups(matrix: Matrix) -> list[dict[str, Any]]:
    """One page of the matrix: groups of rows by usual mode, each with its total and the document's own (P-4)."""
    begin = (matrix.wanted.page - 1) * PAGE
    shown = matrix.kept[begin : begin + PAGE]
    full = _full(shown)
    totals = Counter(line.usual for line in matrix.kept)
    declared = _declared(matrix.edition)
    return [
        {
            "mode": mode.value,
            "label": wording.named(matrix.edition.labels[mode], mode),
            "total": totals[mode],
            "declared": None if matrix.wanted.narrowed else declared.get(mode.value),
            "rows": [_row(matrix, line, full[line.id]) for line in lines],
        }
        for mode, lines in groupby(shown, key=lambda line: line.usual)
    ]


def _declared(edition: Edition) -> Mapping[str, int]:
    """The document's own numbers by mode; empty when it states none."""
    said: Mapping[str, Any] = edition.revision.content["frame"]["totals"]
    by_mode: Mapping[str, int] = said.get("by_mode", {})
    return by_mode


def _full(lines: Sequence[Line]) -> dict[int, Any]:
    wanted = select(
        PublishedMatter.id, PublishedMatter.seq, PublishedMatter.name, PublishedMatter.sub_items
    ).where(PublishedMatter.id.in_([line.id for line in lines]))
    return {row.id: row for row in db.session.execute(wanted)}


def _row(matrix: Matrix, line: Line, full: Any) -> dict[str, Any]:
    places, labels = matrix.columns, matrix.edition.labels
    # One address a row: making each cell's own would take longer than all the rest.
    address = url_for("site.matter", slug=matrix.edition.slug, matter_id=line.matter_id, at=None)
    joint = "&" if carried("at") else "?"
    found = shares(places, {place.id: line.at(place.id) for place in places})
    return {
        "number": full.seq,
        "name": full.name,
        "parts": full.sub_items,
        "parts_word": transferring.parts_word(matrix.edition.bureau),
        "stopped": wording.stopped(line.stopped) if line.stopped else "",
        "href": url_for("site.matter", slug=matrix.edition.slug, matter_id=line.matter_id),
        "cells": [
            (place, line.at(place.id), place.id in line.differing, f"{address}{joint}at={place.code}")
            for place in places
        ],
        "spread": [
            {
                "mode": share.mode.value,
                "label": wording.named(labels[share.mode], share.mode),
                "places": "" if len(places) == 1 else wording.shared(share, alone=len(found) == 1),
            }
            for share in reversed(found)
        ],
    }


def heads(matrix: Matrix) -> list[dict[str, Any]]:
    """The columns' headings: short names with the whole ones."""
    return [
        {"place": place, "short": short(matrix.edition.issuer_code, place.name), "name": _(place.name)}
        for place in matrix.columns
    ]


def words(matrix: Matrix) -> dict[str, Any]:
    """What a cell says when it is read out, in parts: its place, its mode, that it is not the usual one."""
    said = {place.code: _("%(place)s：", place=_(place.name)) for place in matrix.columns}
    return {
        "places": said,
        "foreign": {code for code, words in said.items() if foreign(words)},
        "modes": {mode.value: wording.named(matrix.edition.labels[mode], mode) for mode in Mode},
        "differs": _("（与通常办法不同）"),
    }


def totals(matrix: Matrix) -> list[dict[str, Any]]:
    """For each mode that occurs: how many matters have it at each place, in the order of the states."""
    counted = grid.tally(matrix.kept, matrix.columns)
    present = {mode for counts in counted.values() for mode, count in counts.items() if count}
    return [
        {
            "mode": mode.value,
            "label": wording.named(matrix.edition.labels[mode], mode),
            "counts": [counted[place.id][mode] for place in matrix.columns],
        }
        for mode in Mode
        if mode in present
    ]


def choices(matrix: Matrix) -> list[dict[str, Any]]:
    """The groups of choices with their counts: what would be shown if the choice were made, as on the list page."""
    tests = _tests(matrix.wanted, matrix.columns)

    def without(group: str) -> Iterable[Line]:
        others = [test for name, test in tests.items() if name != group]
        return (line for line in matrix.lines if all(test(line) for test in others))

    modes = Counter(mode for line in without("mode") for mode in line.modes(matrix.columns))
    kinds = Counter(line.type for line in without("type"))
    bodies = Counter(line.department for line in without("department") if line.department)
    labels, wanted = matrix.edition.labels, matrix.wanted
    return [
        {
            "name": "mode",
            "legend": _("有这种办法的"),
            "options": [
                _option(mode.value, wording.named(labels[mode], mode), modes[mode], wanted.modes, mode.value)
                for mode in Mode
                if mode in modes
            ],
        },
        {
            "name": "type",
            "legend": _("事项类型"),
            "options": [_option(kind.value, _(kind.label), n, wanted.types) for kind, n in _frequent(kinds)],
        },
        {
            "name": "department",
            "legend": _("部门"),
            "options": [_option(name, name, n, wanted.departments) for name, n in _frequent(bodies)],
        },
    ]


def _frequent(counts: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _option(value: str, label: str, count: int, chosen: frozenset[str], mode: str = "") -> dict[str, Any]:
    return {"value": value, "label": label, "count": count, "chosen": value in chosen, "mode": mode}
