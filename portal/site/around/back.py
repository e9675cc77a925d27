"""The way back from the place chooser: to the page somebody came from, at the place that was chosen.

What the address says of that page is never used as an address. It is read as one of our own pages with the
parameters that this page knows, and the link is made anew; anything else leads nowhere.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.address import PUBLIC, controlled

CHOOSER = "site.where"
HIDDEN = "site.preview"
"""Pages at private addresses, which are written into no other page."""
OWN_PAGE = "site.place"
LONGEST = 2000
"""Characters of an address that are read."""
PAGING = frozenset({"page", "after", "before"})
"""A part of the results at one place is not the same part at another: one begins at the first again."""


def here() -> str:
    """The running request's page for a link to the chooser: path and known parameters; empty where there is none."""
    endpoint = request.endpoint or ""
    if endpoint == CHOOSER:
        following = request.args.get("next", "")
        return following if _read(following) else ""
    if not endpoint.startswith(PUBLIC) or endpoint.startswith(HIDDEN):
        return ""
    kept = {name: values for name, values in request.args.lists() if name in _known(endpoint)}
    return f"{request.path}?{urlencode(kept, doseq=True)}" if kept else request.path


class Way:
    """The way to the page that an address names: `Way(address).to(code)` is that page at a place."""

    def __init__(self, address: str) -> None:
        self._page = _read(address)

    def to(self, code: str | None) -> str:
        """The link; any other address than a page of ours leads to the place's own page.

        Without a code it is the page without a place. A place's own page is about that place, so another place
        has another page.
        """
        if self._page and self._page[0] != OWN_PAGE:
            endpoint, values = self._page
            return url_for(endpoint, **{**values, "at": code})
        return url_for(OWN_PAGE, code=code, at=code) if code else url_for("site.home", at=None)


def _read(address: str) -> tuple[str, dict[str, Any]] | None:
    """A page of the site and its parameters; None for everything else."""
    if (
        len(address) > LONGEST
        or controlled(unquote(address))
        or not address.startswith("/")
        or address.startswith(("//", "/\\"))
    ):
        return None
    try:
        parts = urlsplit(address)
        found = current_app.url_map.bind("localhost").match(unquote(parts.path), method="GET")
    except (ValueError, RequestRedirect, HTTPException):
        return None
    endpoint, values = found
    if not endpoint.startswith(PUBLIC) or endpoint == CHOOSER:
        return None
    known = _known(endpoint)
    asked = {name: said for name, said in parse_qs(parts.query).items() if name in known}
    return endpoint, {**asked, **values}


def _known(endpoint: str) -> frozenset[str]:
    names: tuple[str, ...] = getattr(current_app.view_functions[endpoint], "known_parameters", ())
    return frozenset(names) - PAGING
