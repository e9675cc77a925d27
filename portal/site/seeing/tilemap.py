"""The places of a city as tiles roughly where they lie, shaded by the number of matters that can be begun there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from portal.i18n import DEFAULT, foreign, language, ngettext
from portal.i18n import gettext as _
from portal.powers.lists.rules import Mode
from portal.site import editions
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.seeing import grid
from portal.site.seeing.grid import HANDED
from portal.site.seeing.tilemaps import Spot, shorter, spots

HIGH, APART, LEVELS = 48, 2, 4
CHINESE, LATIN = (48, 10), (102, 16)
"""Units across a tile, and units to the root's letter size: three characters that may grow, or a name in letters."""


@dataclass(frozen=True)
class Numbers:
    """What all lists in force hold for a place."""

    place: PlaceName
    href: str
    handed: int
    open: int
    kept: int


@dataclass(frozen=True)
class TileMap:
    """The places of one issuing side: the drawing and its table, in the lists' order."""

    issuer: str
    drawing: Markup
    rows: Sequence[Numbers]


def every(current: Sequence[Edition], local: Local) -> list[TileMap]:
    """A picture for each issuing side whose lists are in force."""
    counted: dict[str, Counter[Mode]] = {}
    for each in current:
        found = grid.tally(grid.read(each, local), each.places)
        for place in each.places:
            counted.setdefault(place.code, Counter()).update(found[place.id])
    issuers = {each.issuer: each.issuer_code for each in current}
    return [
        _made(
            reach.issuer,
            issuers[reach.issuer],
            [_numbers(place, counted[place.code]) for place in reach.places],
        )
        for reach in editions.reaches(current)
    ]


def _numbers(place: PlaceName, modes: Mapping[Mode, int]) -> Numbers:
    return Numbers(
        place=place,
        href=url_for("site.place", code=place.code, at=place.code),
        handed=sum(count for mode, count in modes.items() if mode in HANDED),
        open=modes.get(Mode.UNDETERMINED, 0),
        kept=modes.get(Mode.UNDELEGATED, 0),
    )


def _made(issuer: str, code: str, rows: Sequence[Numbers]) -> TileMap:
    numbers = {row.place.code: row for row in rows}
    placed = spots(code, [row.place for row in rows])
    least, most = min(row.handed for row in rows), max(row.handed for row in rows)
    wide, units = CHINESE if language() == DEFAULT else LATIN
    tiles = [_tile(code, spot, numbers[spot.place.code], wide, least, most) for spot in placed]
    across = wide * (1 + max(spot.column for spot in placed))
    down = HIGH * (1 + max(spot.row for spot in placed))
    said = _("%(issuer)s各地的事项数", issuer=_(issuer))
    drawing = Markup(
        '<svg class="tilemap tilemap--{}" width="{:.2f}rem" viewBox="0 0 {} {}" role="group"'
        ' aria-label="{}">{}</svg>'
    ).format(language(), across / units, across, down, said, Markup("").join(tiles))
    return TileMap(issuer, drawing, rows)


def _tile(city: str, spot: Spot, row: Numbers, wide: int, least: int, most: int) -> Markup:
    """One place: its name, its number, a ground that is deeper the more there is."""
    level = LEVELS - 1 if most == least else (row.handed - least) * (LEVELS - 1) // (most - least)
    name = shorter(city, spot.place.name)
    left, top = spot.column * wide, spot.row * HIGH
    return Markup(
        '<a href="{href}" aria-label="{said}"><rect class="tilemap__tile tilemap__tile--{level}" x="{x}" y="{y}"'
        ' width="{w}" height="{h}" rx="2"/><text class="tilemap__name" x="{mid}" y="{first}"'
        ' text-anchor="middle"{lang}>{name}</text><text class="tilemap__count" x="{mid}" y="{second}"'
        ' text-anchor="middle">{count}</text></a>'
    ).format(
        href=row.href,
        said=ngettext("%(place)s：%(num)s 项", "%(place)s：%(num)s 项", row.handed, place=_(spot.place.name)),
        level=level,
        x=left + APART // 2,
        y=top + APART // 2,
        w=wide - APART,
        h=HIGH - APART,
        mid=left + wide // 2,
        first=top + 19,
        second=top + 38,
        lang=Markup(' lang="zh-CN"') if foreign(name) else "",
        name=name,
        count=row.handed,
    )
