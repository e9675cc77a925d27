"""The matrix in small: a column a matter, a row a place, the zones set apart. Drawn from the published answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from portal.foundation.places.rules import PlaceKind
from portal.powers.lists.rules import Mode
from portal.site.editions import PlaceName

CELL_WIDTH, CELL_HEIGHT, APART = 5, 6, 5


def matrix(places: Sequence[PlaceName], rows: Sequence[Mapping[int, Mode]], title: str) -> Markup:
    """The drawing; `rows` are the matters in order, each with its answer by place id. Runs of one state are one box."""
    ordered = sorted(places, key=lambda place: place.kind == PlaceKind.ZONE)
    parts: list[Markup] = []
    top = 0
    for index, place in enumerate(ordered):
        if index and (place.kind == PlaceKind.ZONE) != (ordered[index - 1].kind == PlaceKind.ZONE):
            top += APART
        parts.extend(_line(place, rows, top))
        top += CELL_HEIGHT
    width = CELL_WIDTH * len(rows)
    grid = "".join(f"M{CELL_WIDTH * at} 0V{top}" for at in range(1, len(rows)))
    return Markup(
        '<svg class="matrix-thumb" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        '<path class="thumb-grid" d="{}"/></svg>'
    ).format(width, top, title, Markup("").join(parts), grid)


def _line(place: PlaceName, rows: Sequence[Mapping[int, Mode]], top: int) -> list[Markup]:
    boxes, left = [], 0
    for mode, run in groupby(row[place.id] for row in rows):
        length = sum(1 for _cell in run)
        boxes.append(
            Markup('<rect class="thumb-{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                mode.value, left * CELL_WIDTH, top, length * CELL_WIDTH, CELL_HEIGHT - 1
            )
        )
        left += length
    return boxes
