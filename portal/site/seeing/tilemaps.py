"""Where the places of a city lie and how they are called in short; both are data that ship with the project."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from portal.i18n import gettext as _
from portal.site.editions import PlaceName

DATA = Path(__file__).resolve().parents[2] / "data" / "tilemaps.toml"
EMPTY = "·"
SHORTENED = 3
"""Names of so many characters lose the word for their kind: 任城区 is 任城, 兖州区 is 兖州."""


@dataclass(frozen=True)
class Spot:
    """A place on the picture, by column and row from 0."""

    place: PlaceName
    column: int
    row: int


@cache
def _shipped() -> Mapping[str, Any]:
    with DATA.open("rb") as file:
        return tomllib.load(file)


def short(city: str, name: str) -> str:
    """A place's name for narrow columns, in the language of the request; the whole one where none is known."""
    return _(_shipped().get(city, {}).get("short", {}).get(name, name))


def shorter(city: str, name: str) -> str:
    """The same without the word for its kind where people leave it out: 任城 for 任城区."""
    said = short(city, name)
    kinds = ("县", "市", "区", "镇")
    return said[:-1] if said == name and len(said) == SHORTENED and said.endswith(kinds) else said


def spots(city: str, places: Sequence[PlaceName]) -> list[Spot]:
    """Where the places are drawn: as the city's own map says, those it does not know below, by rows.

    A city without a map gets rows of equal length, half as many again across as down.
    """
    known = {
        name: (column, row)
        for row, line in enumerate(_shipped().get(city, {}).get("map", ()))
        for column, name in enumerate(line.split())
        if name != EMPTY
    }
    placed = [Spot(place, *known[place.name]) for place in places if place.name in known]
    rest = [place for place in places if place.name not in known]
    if placed:
        width = max(spot.column for spot in placed) + 1
        top = max(spot.row for spot in placed) + 1
    else:
        width, top = max(1, ceil(sqrt(len(rest) * 1.5))), 0
    return placed + [Spot(place, at % width, top + at // width) for at, place in enumerate(rest)]
