"""The files of a revision as links; a format that is not made yet has none."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.powers.lists.exports.making import exported
from portal.site.editions import Edition

FORMATS = ("xlsx", "csv", "json")


def downloads(edition: Edition) -> list[dict[str, Any]]:
    """Links to the revision's files with their formats' names."""
    return [
        {
            "label": kind.upper(),
            "href": url_for("site.revision_file", slug=edition.slug, number=edition.number, kind=kind),
        }
        for kind in FORMATS
        if exported(edition.revision, kind)
    ]
