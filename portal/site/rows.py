"""Rows of a list as they are shown: name, department, type, exception, and the answer at the chosen place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.listing import Light, answers, full_rows
from portal.site.situations import Situation
from portal.site.spread import shares


def shown(edition: Edition, found: Sequence[Light], place: PlaceName | None) -> list[dict[str, Any]]:
    """The rows in the order found, ready for the template."""
    rows = full_rows(found)
    spread = answers([light.id for light in found])
    return [_shown(edition, rows[light.id], light.mode, spread[light.id], place) for light in found]


def _shown(
    edition: Edition,
    row: PublishedMatter,
    mode: Mode,
    spread: dict[int, Mode],
    place: PlaceName | None,
) -> dict[str, Any]:
    groups = shares(edition.places, spread)
    label = edition.labels[mode]
    return {
        "number": row.seq,
        "name": row.name,
        "parts": row.sub_items,
        "href": url_for("site.matter", slug=edition.slug, matter_id=row.matter_id),
        "department": row.department,
        "type": _(row.type.label),
        "exception": wording.spread(groups, edition.labels) if len(groups) > 1 else "",
        "mode": mode.value,
        "label": _(label),
        "where": wording.short(_situation(edition, row, mode, place)) if place else "",
    }


def _situation(edition: Edition, row: PublishedMatter, mode: Mode, place: PlaceName) -> Situation:
    """The answer by the list alone; who has taken over stands on the matter's own page."""
    return Situation(
        mode=mode,
        label=edition.labels[mode],
        profile=edition.profiles.get(mode),
        place=place.name,
        issuer=edition.issuer,
        department=row.department,
        receiver=place.name,
    )
