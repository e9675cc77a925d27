"""Rows of a list as they are shown: name, department, type, exception, and the answer at the chosen place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.listing import Light, Wanted, answers, full_rows, light_rows, narrow
from portal.site.local import Local
from portal.site.spread import shares


@dataclass(frozen=True)
class Hits:
    """What was found in one list: the first rows, how many there are in all, whether it reaches the place."""

    edition: Edition
    rows: Sequence[dict[str, Any]]
    total: int
    reaches: bool


def hits(editions: Sequence[Edition], asked: Wanted, code: str | None, local: Local) -> list[Hits]:
    """What each list holds of what was asked for; lists that reach the place come first, empty ones not at all."""
    found = []
    for each in editions:
        place = each.place(code)
        kept = narrow(light_rows(each, place, asked.query, local), asked)
        if kept.total:
            rows = shown(each, kept.ids, place, local)
            found.append(Hits(each, rows, kept.total, reaches=place is not None))
    return sorted(found, key=lambda hit: not hit.reaches)


def shown(
    edition: Edition, found: Sequence[Light], place: PlaceName | None, local: Local | None = None
) -> list[dict[str, Any]]:
    """The rows in the order found, ready for the template; without `local` as the revision printed them."""
    rows = full_rows(found)
    spread = answers([light.id for light in found])
    lines = []
    for light in found:
        row, printed = rows[light.id], spread[light.id]
        groups = shares(edition.places, local.answers(edition, row.matter_id, printed) if local else printed)
        line = _line(edition, row)
        line["exception"] = wording.spread(groups, edition.labels) if len(groups) > 1 else ""
        lines.append({**line, **_answer(edition, light, place, local)})
    return lines


def _line(edition: Edition, row: PublishedMatter) -> dict[str, Any]:
    return {
        "number": row.seq,
        "name": row.name,
        "parts": row.sub_items,
        "href": url_for("site.matter", slug=edition.slug, matter_id=row.matter_id),
        "department": row.department,
        "type": _(row.type.label),
    }


def _answer(edition: Edition, row: Light, place: PlaceName | None, local: Local | None) -> dict[str, str]:
    if place is None or local is None:
        return {
            "mode": row.mode.value,
            "label": wording.named(edition.labels[row.mode], row.mode),
            "where": "",
        }
    at = local.situation(edition, row, place, row.mode)
    return {"mode": at.mode_today.value, "label": wording.label(at), "where": wording.short(at)}
