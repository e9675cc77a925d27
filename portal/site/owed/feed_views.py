"""A unit's deadlines for its calendar program, at an address that only it knows."""

from __future__ import annotations

from flask import Response, abort

from portal import clock
from portal.address import absolute
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.feeds.making import MOST, calendar_file
from portal.foundation.deadlines.feeds.service import secret_hash
from portal.limits import guessing
from portal.site.blueprint import site

LONGEST_SECRET = 64


@site.get("/calendar/<secret>.ics")
@guessing
def calendar_feed(secret: str) -> Response:
    """What the unit of that secret owes now, as iCalendar (RFC 5545); 404 for any other. Nobody keeps a copy."""
    unit = queries.feed_by(secret_hash(secret)) if len(secret) <= LONGEST_SECRET else None
    if unit is None:
        abort(404)
    file = calendar_file(unit, queries.live_of(unit.id, MOST + 1), root=absolute(""), made_at=clock.now())
    answer = Response(file, content_type="text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
