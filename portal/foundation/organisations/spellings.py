"""How the names of a place's bodies are spelt, by their folded form: a name is looked up by its spellings.

A file of five thousand bodies asks for every name several times. Going through all names of the place for each would
cost the square of the rows, so that they are gone through once for as long as `kept` lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import select

from portal.db import db
from portal.foundation.organisations.models import Organisation, OrganisationAlias
from portal.foundation.organisations.rules import fold

Spellings = dict[str, set[str]]

_kept: ContextVar[dict[int, Spellings] | None] = ContextVar("kept", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """Keep within the block, which is one transaction, what was gone through. What `told` says is added to it."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def of(place_id: int) -> Spellings:
    """The spellings of all names at a place, official and other, by folded form.

    While kept, a spelling may be one that was taken back since: whoever asks looks the body up by it.
    """
    kept_so_far = _kept.get()
    if kept_so_far is None:
        return _gone_through(place_id)
    if place_id not in kept_so_far:
        kept_so_far[place_id] = _gone_through(place_id)
    return kept_so_far[place_id]


def told(place_id: int, name: str) -> None:
    """A body of the place is about to bear this name."""
    kept_so_far = _kept.get()
    if kept_so_far is not None and place_id in kept_so_far:
        kept_so_far[place_id].setdefault(fold(name), set()).add(name)


def _gone_through(place_id: int) -> Spellings:
    found: Spellings = {}
    for column, place in (
        (Organisation.name, Organisation.place_id),
        (OrganisationAlias.name, OrganisationAlias.place_id),
    ):
        for name in db.session.scalars(select(column).where(place == place_id)):
            found.setdefault(fold(name), set()).add(name)
    return found
