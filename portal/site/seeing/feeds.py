"""Feeds of changes after RFC 4287: the same publications as on the page of changes, for programs that look again.

Identifiers are tag URIs (RFC 4151) under the site's own name, so that an entry keeps its own when pages move.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from flask import Response, make_response, render_template

from portal.address import absolute
from portal.clock import HOME
from portal.sheets.writing import clean
from portal.site.seeing.days import Item, Wanted

SHOWN = 50
TYPE = "application/atom+xml; charset=utf-8"


def rendered(found: Sequence[Item], title: str, own: str, page: str, wanted: Wanted) -> Response:
    """The feed; `own` is its address and `page` that of the page that shows the same, both as paths."""
    updated = max((item.updated for item in found), default=datetime.fromtimestamp(0, UTC))
    made = render_template(
        "site/feed.xml",
        title=title,
        own=absolute(own),
        page=absolute(page),
        updated=updated.isoformat(),
        entries=[(item, tag(item, wanted), absolute(item.href)) for item in found],
    )
    response = make_response(clean(made))
    response.content_type = TYPE
    return response


def tag(item: Item, wanted: Wanted) -> str:
    """The entry's identifier: the same whenever and in whichever language it is asked for."""
    host = urlsplit(absolute("/")).hostname or "localhost"
    day = item.published.astimezone(HOME).date().isoformat()
    revision = item.revision
    what = f"{revision.subject.value}/{revision.subject_id}/{revision.number}"
    return f"tag:{host},{day}:{what}{_viewer(wanted)}"


def _viewer(wanted: Wanted) -> str:
    """Entries of different feeds tell different things of one publication."""
    if wanted.place:
        return f"/places/{quote(wanted.place.code)}"
    if wanted.department:
        return f"/departments/{quote(wanted.department.code)}/{quote(wanted.department.name, safe='')}"
    return "/changes" if wanted.power_list else ""
