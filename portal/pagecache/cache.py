"""The way of a request: from memory where the page is kept, else through Flask, and kept where it may be.

Flask sees of a request for a public page only what the page may depend on: path, parameters that the view knows, host
and scheme, and whether htmx asks for a fragment. No cookie, no other header reaches the view, so that nothing of one
reader can be in what another gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import time
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.address import CARRIED
from portal.pagecache.addresses import canonical
from portal.pagecache.encodings import KNOWN, chosen
from portal.pagecache.files import Files
from portal.pagecache.freshness import NEVER, Epoch, Freshness
from portal.pagecache.pages import Headers, Page
from portal.pagecache.tags import held

Environ = dict[str, Any]
Answer = Iterable[bytes]
Key = tuple[str, str, str, str | None, str, str | None, bool]

VERSION = "remit.site_version"
"""Where in the WSGI environment the application leaves the version that an answer was made from."""

READING = frozenset({"GET", "HEAD"})
LONGEST_KEY = 1024
"""Characters of path, query and host of a page that is kept; links of ours are shorter."""

NO_BODY = [b""]
"""One empty piece: the web server sends it at once, where it would go looking for pieces in a list without any."""

NAMED = frozenset({"HTTP_HOST"})
LET_THROUGH = NAMED | frozenset(
    {
        # For files to take along, which are not kept: parts of them, and whether a copy still holds.
        "HTTP_RANGE",
        "HTTP_IF_RANGE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
    }
)
"""The headers that reach a public view."""

LEFT_OUT = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH", "REQUEST_URI", "RAW_URI"})
"""Not headers, but from the reader as well."""

PERSONAL = frozenset({"set-cookie", "www-authenticate", "retry-after", "content-range", "etag"})
"""An answer with one of these is for one reader, or says itself how it is validated: it is passed on as it is."""

VARIES = frozenset({"accept-encoding", "hx-request"})
"""What a page may vary with; all of it is in the key."""


class PageCache:
    """WSGI application in front of Flask. `freshness` is None when pages are to be made anew each time."""

    def __init__(self, app: Flask, blueprints: tuple[str, ...], freshness: Freshness | None) -> None:
        self._inner = app.wsgi_app
        self._views = app.view_functions
        self._routes = app.url_map.bind("localhost")
        self._blueprints = blueprints
        self._freshness = freshness
        self._told = freshness.told if freshness is not None else (0, 0)
        self._address = f"{app.static_url_path}/"
        self._files = Files(str(app.static_folder), self._address)

    def __call__(self, environ: Environ, start_response: Any) -> Answer:
        """Answer one request.

        The usual cases here, in as few steps as can be, since all threads of a process take turns in them: a page
        that is kept, in a coding that it was pressed in before, to a reader who has no copy or the same one. All
        others `_answered` looks at properly.
        """
        get = environ.get
        begun, until, nonce, take = NEVER if self._freshness is None else self._freshness.present
        if begun <= time() < until and self._told[1] == nonce:
            page = take(
                (
                    environ["REQUEST_METHOD"],
                    environ["PATH_INFO"],
                    environ["QUERY_STRING"],
                    get("HTTP_HOST"),
                    environ["wsgi.url_scheme"],
                    get("SCRIPT_NAME"),
                    "HTTP_HX_REQUEST" in environ and fragment(environ),
                )
            )
            if page is not None:
                asked = get("HTTP_IF_NONE_MATCH")
                if asked is None:
                    variant = page.variants.get(KNOWN.get(get("HTTP_ACCEPT_ENCODING"), ""))
                    if variant is not None:
                        page.used = True
                        start_response("200 OK", variant.headers)
                        return variant.body
                elif asked == page.tag:
                    page.used = True
                    start_response("304 NOT MODIFIED", page.unchanged)
                    return NO_BODY
        return self._answered(environ, start_response)

    def _answered(self, environ: Environ, start_response: Any) -> Answer:
        if environ["REQUEST_METHOD"] not in READING:
            return self._inner(environ, start_response)
        if environ["PATH_INFO"].startswith(self._address):
            return self._file(environ, start_response)
        epoch = self._freshness.epoch() if self._freshness is not None else None
        key = key_of(environ)
        if epoch is None or (page := epoch.shelf.take(key)) is None:
            return self._made(environ, start_response, epoch)
        return self._kept(page, key, epoch, environ, start_response)

    def _kept(self, page: Page, key: Key, epoch: Epoch, environ: Environ, start_response: Any) -> Answer:
        """A page off the shelf."""
        page.used = True
        coding = chosen(environ.get("HTTP_ACCEPT_ENCODING"))
        if coding not in page.variants:
            epoch.shelf.grow(key, page, page.press(coding)[1])
        return said(page, coding, environ, start_response)

    def _made(self, environ: Environ, start_response: Any, epoch: Epoch | None) -> Answer:
        """A page by way of Flask, or from the shelf after all once its address is in order."""
        # To Flask as many slashes at the beginning as one likes are one.
        path = f"/{environ['PATH_INFO'].lstrip('/')}"
        own = self._known(path)
        if own is None:
            return self._inner(environ, start_response)
        asked = reduced(environ, canonical(environ["QUERY_STRING"], own, CARRIED))
        asked["PATH_INFO"] = path
        key = key_of(asked)
        if epoch is not None and (page := epoch.shelf.take(key)) is not None:
            return self._kept(page, key, epoch, environ, start_response)
        status, headers, body = self._ask(asked)
        if not keepable(status, headers):
            return passed_on(status, headers, body, environ, start_response)
        page = Page(headers, joined(body))
        coding = chosen(environ.get("HTTP_ACCEPT_ENCODING"))
        page.size += page.press(coding)[1]
        if epoch is not None and fit(key) and self._lasts(epoch, asked):
            epoch.shelf.put(key, page)
        return said(page, coding, environ, start_response)

    def _lasts(self, epoch: Epoch, asked: Environ) -> bool:
        return self._freshness is not None and self._freshness.lasts(epoch, asked.get(VERSION))

    def _file(self, environ: Environ, start_response: Any) -> Answer:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
        page = self._files.get(path, query)
        if page is None:
            status, headers, body = self._ask(reduced(environ, "", NAMED))
            page = self._files.keep(path, query, headers) if status.startswith("200") else None
            if page is None:
                return passed_on(status, headers, body, environ, start_response)
            close(body)
        coding = chosen(environ.get("HTTP_ACCEPT_ENCODING"))
        return said(page, coding, environ, start_response)

    def _known(self, path: str) -> tuple[str, ...] | None:
        """The parameters of the public view at a path; None when there is none, or none of ours to keep."""
        try:
            endpoint, _values = self._routes.match(path.encode("latin-1").decode("utf-8", "replace"), "GET")
        except HTTPException:  # redirects too
            return None
        if endpoint.partition(".")[0] not in self._blueprints:
            return None
        known: tuple[str, ...] = getattr(self._views[endpoint], "known_parameters", ())
        return known

    def _ask(self, asked: Environ) -> tuple[str, Headers, Answer]:
        """Flask's answer: status line, headers, body."""
        told: list[Any] = []

        def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
            told[:] = status, headers
            return unwritten

        body = self._inner(asked, start)
        status, headers = told
        return status, headers, body


def unwritten(_piece: bytes) -> None:
    """Nothing in Flask writes a body before its headers are done (PEP 3333's `write`)."""
    raise NotImplementedError


def key_of(environ: Environ) -> Key:
    """What an answer depends on besides the version and the day, as `PageCache.__call__` has it for a GET."""
    get = environ.get
    return (
        "GET",
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        get("HTTP_HOST"),
        environ["wsgi.url_scheme"],
        get("SCRIPT_NAME"),
        "HTTP_HX_REQUEST" in environ and fragment(environ),
    )


def fit(key: Key) -> bool:
    """Whether a page may be kept under a key: not an endless one, nor one without the name of the site."""
    return bool(key[3]) and sum(len(part) for part in key[1:4] if part) <= LONGEST_KEY


def fragment(environ: Environ) -> bool:
    """Whether htmx asks for a part of the page; a page brought back from history is wanted whole."""
    asked = environ.get("HTTP_HX_REQUEST") == "true"
    return asked and environ.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"


def reduced(environ: Environ, query: str, let_through: frozenset[str] = LET_THROUGH) -> Environ:
    """The request with nothing in it but what a public page may depend on; a GET with that query."""
    asked = {
        name: value
        for name, value in environ.items()
        if name not in LEFT_OUT and (not name.startswith("HTTP_") or name in let_through)
    }
    asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    if fragment(environ):
        asked["HTTP_HX_REQUEST"] = "true"
    return asked


def keepable(status: str, headers: Headers) -> bool:
    """Whether an answer is a page for everybody: good, public, whole, and varying with nothing else."""
    named: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        named[key] = f"{named[key]},{value}" if key in named else value
    lasting = {part.strip().partition("=")[0] for part in named.get("cache-control", "").lower().split(",")}
    varies = {part.strip().lower() for part in named.get("vary", "").split(",") if part.strip()}
    return (
        status.startswith("200 ")
        and "public" in lasting
        and not lasting & {"private", "no-store"}
        and not PERSONAL & named.keys()
        and not any(name.startswith(("ratelimit", "x-ratelimit")) for name in named)
        # A body of unknown length is being made while it is sent.
        and "content-length" in named
        and varies <= VARIES
    )


def said(page: Page, coding: str, environ: Environ, start_response: Any) -> Answer:
    """The page to a reader: that the copy still holds, the headers alone, or all of it."""
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked is not None and held(asked, page.tag):
        start_response("304 NOT MODIFIED", page.unchanged)
        return NO_BODY
    variant = page.variants.get(coding) or page.press(coding)[0]
    start_response("200 OK", variant.headers)
    return variant.body if environ["REQUEST_METHOD"] == "GET" else NO_BODY


def passed_on(status: str, headers: Headers, body: Answer, environ: Environ, start_response: Any) -> Answer:
    """Flask's own answer, without its body for HEAD."""
    start_response(status, headers)
    if environ["REQUEST_METHOD"] == "GET":
        return body
    close(body)
    return NO_BODY


def joined(body: Answer) -> bytes:
    """The whole body."""
    try:
        return b"".join(body)
    finally:
        close(body)


def close(body: Answer) -> None:
    """End a body that is not read to its end."""
    if (end := getattr(body, "close", None)) is not None:
        end()
