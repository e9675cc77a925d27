"""A list in figures: drawings made here, each with the same numbers as a table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal.address import large_type
from portal.i18n import foreign, ngettext
from portal.i18n import gettext as _
from portal.powers.lists.rules import Mode
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.seeing import grid
from portal.site.seeing.grid import Line

DRAWN = 20
"""So many bars are drawn; the table beside them has all."""
WIDTH, STEP, BAR, BASELINE = 320, 50, 14, 18


@dataclass(frozen=True)
class Bar:
    """One number: what is counted, how much of the whole it is in tenths of a percent, where it is read."""

    label: str
    count: int
    share: float
    href: str
    mode: str = ""


@dataclass(frozen=True)
class Figure:
    """A drawing and its table; `key` is a word for the page's own addresses."""

    key: str
    heading: str
    bars: Sequence[Bar]
    drawing: Markup


def every(edition: Edition, lines: Sequence[Line], here: PlaceName | None, local: Local) -> list[Figure]:
    """By mode (at the place, else the usual one), by type, by department: the numbers of the list page's choices."""
    modes = Counter(grid.answers_at(lines, edition, here, local) if here else (line.usual for line in lines))
    kinds = Counter(line.type for line in lines)
    bodies = Counter(line.department for line in lines if line.department)
    by_mode = [
        (mode.value, wording.named(edition.labels[mode], mode), modes[mode]) for mode in Mode if modes[mode]
    ]
    by_type = [(kind.value, _(kind.label), count) for kind, count in _frequent(kinds)]
    by_body = [(name, name, count) for name, count in _frequent(bodies)]
    heading = _("在%(place)s怎么办", place=_(here.name)) if here else _("通常办法")
    return [
        _figure(edition, "mode", heading, by_mode, len(lines)),
        _figure(edition, "type", _("事项类型"), by_type, len(lines)),
        _figure(edition, "department", _("部门"), by_body, len(lines)),
    ]


def _frequent(counts: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _figure(
    edition: Edition, key: str, heading: str, counted: Sequence[tuple[str, str, int]], total: int
) -> Figure:
    bars = [
        Bar(
            label=label,
            count=count,
            share=count / total,
            href=_narrowed(edition, key, value),
            mode=value if key == "mode" else "",
        )
        for value, label, count in counted
    ]
    return Figure(key, heading, bars, drawn(bars, heading))


def _narrowed(edition: Edition, key: str, value: str) -> str:
    """The list page with that choice made."""
    choice: dict[str, Any] = {key: value}
    return url_for("site.power_list", slug=edition.slug, **choice)


def drawn(bars: Sequence[Bar], title: str) -> Markup:
    """The bars as a drawing: a label above each, its number behind it, all to one scale.

    320 units wide, so that on the smallest screen the letters are as large as the page's own.
    """
    most = max((bar.count for bar in bars), default=1)
    parts = [_drawn(bar, at * STEP, most) for at, bar in enumerate(bars[:DRAWN])]
    said = _("图：%(what)s", what=title)
    return Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>{}</svg>').format(
        WIDTH, STEP * len(parts), said, _language(said), Markup("").join(parts)
    )


def _drawn(bar: Bar, top: int, most: int) -> Markup:
    width = max(2, round(WIDTH * bar.count / most))
    return Markup(
        '<text class="bars__label" x="0" y="{y}"{lang}>{label}</text>'
        '<text class="bars__count" x="{right}" y="{y}" text-anchor="end">{count}</text>'
        '<rect class="bars__ground" x="0" y="{bar}" width="{right}" height="{high}"/>'
        '<rect class="bars__bar{mode}" x="0" y="{bar}" width="{width}" height="{high}"/>'
    ).format(
        y=top + BASELINE,
        label=_shortened(bar.label),
        lang=_language(bar.label),
        right=WIDTH,
        count=bar.count,
        bar=top + BASELINE + 8,
        high=BAR,
        mode=f" bars__bar--{bar.mode}" if bar.mode else "",
        width=width,
    )


def _language(text: str) -> Markup:
    return Markup(' lang="zh-CN"') if foreign(text) else Markup("")


LONGEST, LONGEST_LARGE = 34, 27
"""Latin letters that fit beside a number; a Chinese character takes the room of two."""


def _shortened(label: str) -> str:
    """As much of a label as fits above its bar; the table has the whole."""
    room = LONGEST_LARGE if large_type() else LONGEST
    for at, sign in enumerate(label):
        room -= 1 if sign.isascii() else 2
        if room < 0:
            return label[: at - 1] + "…"
    return label


@dataclass(frozen=True)
class Spread:
    """The answers of every place: a drawing of bars made of the states, and the numbers."""

    modes: Sequence[tuple[str, str]]
    rows: Sequence[tuple[PlaceName, str, Sequence[int]]]
    drawing: Markup


def spread(edition: Edition, lines: Sequence[Line]) -> Spread:
    """How many matters have which answer at each place, in the order of the matrix."""
    places = grid.columns(edition)
    counted = grid.tally(lines, places)
    present = [mode for mode in Mode if any(counted[place.id][mode] for place in places)]
    rows = [
        (
            place,
            url_for("site.power_list", slug=edition.slug, at=place.code),
            [counted[place.id][mode] for mode in present],
        )
        for place in places
    ]
    modes = [(mode.value, wording.named(edition.labels[mode], mode)) for mode in present]
    return Spread(modes, rows, _stacked(modes, rows, len(lines)))


def _stacked(
    modes: Sequence[tuple[str, str]], rows: Sequence[tuple[PlaceName, str, Sequence[int]]], total: int
) -> Markup:
    parts = []
    for at, (place, _href, counts) in enumerate(rows):
        name, top, left = _(place.name), at * STEP, 0.0
        parts.append(
            Markup('<text class="bars__label" x="0" y="{}"{}>{}</text>').format(
                top + BASELINE, _language(name), _shortened(name)
            )
        )
        for (mode, _label), count in zip(modes, counts, strict=True):
            width = WIDTH * count / max(1, total)
            parts.append(
                Markup('<rect class="bars__bar--{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
                    mode, left, top + BASELINE + 8, width, BAR
                )
            )
            left += width
    said = _("图：%(what)s", what=ngettext("%(num)s 个地方的办法", "%(num)s 个地方的办法", len(rows)))
    return Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, STEP * len(rows), said, Markup("").join(parts)
    )
