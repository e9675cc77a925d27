"""Everything that can be done at one place, by what a person does for it: the place page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from flask import url_for
from sqlalchemy import Row

from portal.i18n import day, ngettext
from portal.i18n import gettext as _
from portal.powers.lists.cube.rules import stretch
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.finding.lines import read
from portal.site.finding.lots import Lot, lots
from portal.site.local import Local
from portal.site.situations import Situation, Standing, Way
from portal.site.transfers import sentences as transferring

SHOWN = 100
"""So many matters of a list are named in a group; the list itself has them all."""


@dataclass(frozen=True)
class Part:
    """The matters of one list in a group, as lots (finding.lots) for which the same holds."""

    edition: Edition
    place: PlaceName
    lots: list[Lot] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(lot.total for lot in self.lots)

    @property
    def unnamed(self) -> int:
        """For how many of them the place has named no receiver."""
        return sum(lot.total for lot in self.lots if lot.at.standing is Standing.UNNAMED)

    def first(self, local: Local) -> list[tuple[Row[Any], Situation]]:
        """The first ones in the list's order, with what holds for each."""
        rows = stretch(reduce(or_, (lot.rows for lot in self.lots)), 0, SHOWN)
        modes = {row: lot.mode for row in rows for lot in self.lots if lot.rows >> row & 1}
        return [
            (row, local.situation(self.edition, row, self.place, modes[row.position - 1]))
            for row in read(self.edition, rows)
        ]


def groups(editions: Sequence[Edition], code: str, local: Local) -> list[dict[str, Any]]:
    """The ways in the order of a person's trouble, each with the lists that reach the place (D-7).

    A town's own come before those of the place above it, which are told apart by its name (D-10).
    """
    found: dict[tuple[Way, str, str], dict[int, Part]] = {}
    for edition in editions:
        if not (place := edition.place(code)):
            continue
        for lot in lots(edition, place, local):
            parts = found.setdefault((lot.at.way, lot.at.place, edition.issuer), {})
            parts.setdefault(edition.list_id, Part(edition, place)).lots.append(lot)
    own = {place.name for edition in editions if (place := edition.place(code))}
    order = list(Way)
    return [
        _group(way, code, list(found[way, here, issuer].values()), local)
        for way, here, issuer in sorted(found, key=lambda key: (order.index(key[0]), key[1] not in own))
    ]


def _group(way: Way, code: str, parts: Sequence[Part], local: Local) -> dict[str, Any]:
    at = parts[0].lots[0].at
    total, unnamed = sum(part.total for part in parts), sum(part.unnamed for part in parts)
    return {
        "way": way.value,
        "heading": _heading(way, at.place, at.issuer),
        "total": total,
        "note": _note(way, total, unnamed, at),
        "parts": [_part(part, code, local, each_unnamed=unnamed < total) for part in parts],
    }


def _heading(way: Way, place: str, issuer: str) -> str:
    names = {"place": _(place), "level": wording.level(issuer)}
    match way:
        case Way.FINISH:
            return _("在%(place)s就能办完", **names)
        case Way.HAND_IN:
            return _("材料交到%(place)s，由%(level)s决定", **names)
        case Way.ABOVE:
            return _("请到%(level)s办", **names)
        case Way.UNKNOWN:
            return _("还没有公布怎么办")


def _note(way: Way, total: int, unnamed: int, at: Situation) -> str:
    """What must be known before anybody goes anywhere (D-11); `at` is one of the group's matters."""
    level, above = wording.level(at.issuer), _(at.chooser or at.place)
    if way is Way.UNKNOWN:
        return _("公布以前，请先问%(place)s或者%(level)s的政务服务窗口。", place=above, level=level)
    if unnamed == total and at.chooser:
        return _("这是%(place)s定的办法。承接单位待公布，公布以前请到%(level)s办。", place=above, level=level)
    if unnamed == total:
        return _("这是文件的规定。承接单位待公布，公布以前请到%(level)s办。", level=level)
    if unnamed:
        return ngettext(
            "其中 %(num)s 项的承接单位待公布，公布以前请到%(level)s办。",
            "其中 %(num)s 项的承接单位待公布，公布以前请到%(level)s办。",
            unnamed,
            level=level,
        )
    return ""


def _part(part: Part, code: str, local: Local, *, each_unnamed: bool) -> dict[str, Any]:
    slug, total = part.edition.slug, part.total
    first = part.first(local)
    return {
        "title": part.edition.title,
        "total": total,
        "items": [
            {**_item(slug, code, row, at, unnamed=each_unnamed), **_stopped(part.edition, row, local)}
            for row, at in first
        ],
        "href": url_for("site.power_list", slug=slug, at=code, mode=sorted({lot.mode for lot in part.lots})),
        "cut": total > len(first),
    }


def _item(slug: str, code: str, row: Row[Any], at: Situation, *, unnamed: bool) -> dict[str, Any]:
    notes = {
        Standing.PENDING: _("%(date)s起到%(place)s办", date=day(at.from_on), place=_(at.place))
        if at.from_on
        else _("还没有接手。"),
        Standing.UNNAMED: _("承接单位待公布。") if unnamed else "",
        Standing.OPEN: at.receiver_name,
    }
    return {
        "name": row.name,
        "parts": row.sub_items,
        "parts_word": transferring.parts_word(at.bureau),
        "href": url_for("site.matter", slug=slug, matter_id=row.matter_id, at=code),
        "mode": at.mode_today.value,
        "label": wording.label(at),
        "note": notes.get(at.standing, ""),
    }


def _stopped(edition: Edition, row: Row[Any], local: Local) -> dict[str, str]:
    """That it is stopped, in words; then nobody is sent anywhere (P-3)."""
    stop = local.stopped(edition, row.matter_id)
    return {"stopped": wording.stopped(stop.since), "note": ""} if stop else {}
