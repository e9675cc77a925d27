"""Whoever brings people news hears here of stand-ins: notices lie above accounts."""

from __future__ import annotations

from collections.abc import Callable

from portal.foundation.accounts.models import Post
from portal.foundation.accounts.standing.rules import News

Teller = Callable[[Post, News], None]

_tellers: list[Teller] = []


def register_teller(teller: Teller) -> None:
    """Let an upper slice tell both people what happened to the post of a stand-in, in the same transaction."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell(post: Post, news: News) -> None:
    """Let the upper slices tell them."""
    for teller in _tellers:
        teller(post, news)
