"""Pages of something long: which one the address asks for, and the way to the ones before and after."""

from __future__ import annotations

from typing import Any

from flask import abort, request, url_for

DIGITS = 5


def number() -> int:
    """The page that the address asks for, from 1; answers 404 for what is no number of a page."""
    said = request.args.get("page", "1")
    if not (said.isascii() and said.isdigit() and len(said) <= DIGITS and int(said)):
        abort(404)
    return int(said)


def neighbours(here: int, last: int) -> dict[str, str | None]:
    """The addresses of the pages before and after; answers 404 beyond the last one."""
    if here > last:
        abort(404)
    asked: dict[str, Any] = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
    endpoint = request.endpoint or "site.home"
    return {
        "previous": url_for(endpoint, **{**asked, "page": here - 1}) if here > 1 else None,
        "next": url_for(endpoint, **{**asked, "page": here + 1}) if here < last else None,
    }
