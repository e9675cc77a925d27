"""Everything that can be done at one place, by what a person does for it: the place page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from portal.i18n import day, ngettext
from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import wording
from portal.site.editions import Edition
from portal.site.listing import Light, full_rows, light_rows
from portal.site.local import Local
from portal.site.situations import Situation, Standing, Way

SHOWN = 100
"""So many matters of a list are named in a group; the list itself has them all."""


@dataclass
class Part:
    """The matters of one list in a group: the first ones with what holds for them, and what all are counted by."""

    edition: Edition
    first: list[tuple[Light, Situation]] = field(default_factory=list)
    total: int = 0
    unnamed: int = 0
    modes: set[str] = field(default_factory=set)

    def add(self, light: Light, at: Situation) -> None:
        """Count one more matter, and keep it while there is room."""
        self.total += 1
        self.unnamed += at.standing is Standing.UNNAMED
        self.modes.add(light.mode.value)
        if self.total <= SHOWN:
            self.first.append((light, at))


def groups(editions: Sequence[Edition], code: str, local: Local) -> list[dict[str, Any]]:
    """The ways in the order of a person's trouble, each with the lists that reach the place (D-7).

    A town's own come before those of the place above it, which are told apart by its name (D-10).
    """
    found: dict[tuple[Way, str, str], dict[int, Part]] = {}
    for edition in editions:
        if not (place := edition.place(code)):
            continue
        # A way follows from mode and standing; asking once for each keeps long lists quick.
        ways: dict[tuple[Mode, Standing], Way] = {}
        issuer = edition.issuer
        for light in light_rows(edition, place, "", local):
            at = local.situation(edition, light, place, light.mode)
            state = (light.mode, at.standing)
            way = ways.get(state) or ways.setdefault(state, at.way)
            parts = found.setdefault((way, at.place, issuer), {})
            parts.setdefault(edition.list_id, Part(edition)).add(light, at)
    own = {place.name for edition in editions if (place := edition.place(code))}
    order = list(Way)
    return [
        _group(way, code, list(found[way, here, issuer].values()))
        for way, here, issuer in sorted(found, key=lambda key: (order.index(key[0]), key[1] not in own))
    ]


def _group(way: Way, code: str, parts: Sequence[Part]) -> dict[str, Any]:
    at = parts[0].first[0][1]
    total, unnamed = sum(part.total for part in parts), sum(part.unnamed for part in parts)
    return {
        "way": way.value,
        "heading": _heading(way, at.place, at.issuer),
        "total": total,
        "note": _note(way, total, unnamed, at),
        "parts": [_part(part, code, each_unnamed=unnamed < total) for part in parts],
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


def _part(part: Part, code: str, *, each_unnamed: bool) -> dict[str, Any]:
    slug = part.edition.slug
    rows = full_rows([light for light, _at in part.first])
    return {
        "title": part.edition.title,
        "total": part.total,
        "items": [_item(slug, code, rows[light.id], at, unnamed=each_unnamed) for light, at in part.first],
        "href": url_for("site.power_list", slug=slug, at=code, mode=sorted(part.modes)),
        "cut": part.total > len(part.first),
    }


def _item(slug: str, code: str, row: PublishedMatter, at: Situation, *, unnamed: bool) -> dict[str, Any]:
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
        "href": url_for("site.matter", slug=slug, matter_id=row.matter_id, at=code),
        "mode": at.mode_today.value,
        "label": wording.label(at),
        "note": notes.get(at.standing, ""),
    }
