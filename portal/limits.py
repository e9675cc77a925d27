"""How often one network address may ask for what is expensive or can be guessed: searches, and private links.

A page that the page cache answers is not counted, as it never comes here. When the queue server is away counting goes
on in each process's memory (portal.auth). The read API, signing in and passwords have limits of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Response, current_app

from portal.auth import limiter

View = TypeVar("View", bound=Callable[..., Any])


def searching(view: View) -> View:
    """The view of a search, counted together with all others; more than REMIT_SEARCH_LIMIT a minute answer 429."""
    counted = limiter.shared_limit(
        lambda: f"{_searches()} per minute", scope="search", exempt_when=lambda: not _searches()
    )
    return cast(View, counted(view))


def guessing(view: View) -> View:
    """A view under a secret: so many addresses that lead nowhere are answered a minute, then none, 429 instead."""
    counted = limiter.shared_limit(
        lambda: f"{_guesses()} per minute",
        scope="secrets",
        exempt_when=lambda: not _guesses(),
        deduct_when=_missed,
    )
    return cast(View, counted(view))


def _searches() -> int:
    return int(current_app.config["REMIT"].search_limit)


def _guesses() -> int:
    return int(current_app.config["REMIT"].guess_limit)


def _missed(response: Response) -> bool:
    return response.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
