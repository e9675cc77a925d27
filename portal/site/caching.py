"""Public pages are functions of what is published, the address and the day, so they are validated by ETag.

The tag is made before any page is: a reader who has the page already is answered by one look at the site's
version.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, g, request

from portal import clock
from portal.config import ROOT
from portal.foundation.publishing import queries as publishing

CODE = ("portal/**/*.py", "portal/**/*.html", "portal/**/*.xml", "static/dist/*.css", "translations/**/*.mo")


@cache
def code_version() -> str:
    """A digest over what pages are made with; it changes with every release."""
    digest = sha256()
    for pattern in CODE:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def tag() -> str:
    """The ETag of the address that is asked for, today."""
    said = (code_version(), str(publishing.site_version()), clock.today().isoformat(), request.full_path)
    return sha256("\n".join(said).encode(errors="replace")).hexdigest()[:32]


def init_blueprint(site: Blueprint) -> None:
    """Answer 304 where the reader's copy still holds, and let every good answer be copied."""

    @site.before_request
    def answer_from_copy() -> Response | None:
        if request.method not in ("GET", "HEAD"):
            return None
        g.tag = tag()
        if request.if_none_match.contains_weak(g.tag):
            return _described(Response(status=HTTPStatus.NOT_MODIFIED))
        return None

    @site.after_request
    def describe(response: Response) -> Response:
        return _described(response) if response.status_code == HTTPStatus.OK else response


def _described(response: Response) -> Response:
    if "tag" in g and not response.get_etag()[0]:
        response.set_etag(g.tag, weak=True)
    # A copy may be kept by anybody, and is asked after each time: what is published is seen at once.
    response.headers["Cache-Control"] = "public, no-cache"
    response.vary.update(("HX-Request", "Accept-Encoding"))
    return response
