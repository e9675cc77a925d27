"""The files of a whole list as links, for one line of a page; all files with their sizes are in taking.shelf."""

from __future__ import annotations

from typing import Any

from portal.site.editions import Edition
from portal.site.taking import shelf

FORMATS = shelf.ORDER
"""The formats of a whole list, in the order in which people ask for them."""


def downloads(edition: Edition) -> list[dict[str, Any]]:
    """Links to the files of the list that are there, with their formats' names."""
    whole, *_parts = shelf.of_revision(edition)
    return [{"label": each.label, "href": each.href} for each in whole.offers if each.href]
