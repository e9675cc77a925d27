"""Public answers are functions of what is published, the address and the day: anybody may keep a copy of one.

Pages are marked as such, and the page cache in front of Flask (portal/pagecache) does the rest. The API, whose
answers the cache does not keep, gives its tag before it makes an answer: a reader who has it already is answered by
one look at the site's version.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, current_app, g, request

from portal import clock
from portal.address import absolute
from portal.config import ROOT
from portal.foundation.siteversion import queries as siteversion

CODE = ("portal/**/*.py", "portal/**/*.html", "portal/**/*.xml", "static/dist/*.css", "translations/**/*.mo")


@cache
def code_version() -> str:
    """A digest over what answers are made with; it changes with every release."""
    digest = sha256()
    for pattern in CODE:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def tag() -> str:
    """The ETag of the address that is asked for, today; what the office has set stands in answers too."""
    settings = current_app.config["REMIT"]
    office = f"{settings.site} {settings.api_limit} {absolute('/')}"
    said = (code_version(), str(siteversion.number()), clock.today().isoformat(), office, request.full_path)
    return sha256("\n".join(said).encode(errors="replace")).hexdigest()[:32]


def init_pages(blueprint: Blueprint) -> None:
    """Let every good answer be kept by anybody, unless its view says otherwise."""
    blueprint.after_request(_public)


def init_blueprint(blueprint: Blueprint) -> None:
    """The same with tags given ahead: 304 where the reader's copy still holds."""

    @blueprint.before_request
    def answer_from_copy() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        g.tag = tag()
        # Whoever has any copy at all (`*`) is answered once it is known that there is something (describe).
        if g.tag in request.if_none_match.as_set(include_weak=True):
            return _tagged(_public(Response(status=HTTPStatus.NOT_MODIFIED)))
        return None

    @blueprint.after_request
    def describe(response: Response) -> Response:
        told = _tagged(_public(response))
        if told.status_code == HTTPStatus.OK and request.if_none_match.star_tag:
            told.status_code = HTTPStatus.NOT_MODIFIED
            told.set_data(b"")
        return told


def _public(response: Response) -> Response:
    lasting = response.cache_control
    kept = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
    if kept and not (lasting.private or lasting.no_store):
        # A copy may be kept by anybody, and is asked after each time: what is published is seen at once.
        response.headers["Cache-Control"] = "public, no-cache"
        response.vary.update(("HX-Request", "Accept-Encoding"))
    return response


def _tagged(response: Response) -> Response:
    good = response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
    if good and "tag" in g and not response.get_etag()[0]:
        response.set_etag(g.tag, weak=True)
    return response
