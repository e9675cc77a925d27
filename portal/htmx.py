"""Whether a request comes from htmx and wants a fragment, which is never cached as the page (flask-htmx)."""

from __future__ import annotations

from flask import Flask, Response
from flask_htmx import HTMX

_htmx = HTMX()


def init_app(app: Flask) -> None:
    """Let the application know htmx."""
    _htmx.init_app(app)


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page; a page brought back from history is wanted whole."""
    return bool(_htmx) and not _htmx.history_restore_request


def fragment(response: Response) -> Response:
    """The response marked so that no cache gives it to somebody who asks for the page."""
    response.vary.add("HX-Request")
    return response
