"""Whose page it is: with whose records the person may do what, asked once a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true

from admin.home.items import Item, Lot
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import posted_at
from portal.foundation.organisations.models import Organisation
from portal.foundation.places import queries as places
from portal.foundation.rights.rules import Reach, Right, reach_of
from portal.foundation.rights.service import may

FIRST = 6
"""So many of one sort are read; the page says how many more there are."""


class Desk:
    """An account on a day."""

    def __init__(self, account: Account, today: date) -> None:
        self.account, self.today = account, today
        self._beneath: dict[frozenset[int], frozenset[int]] = {}

    def may(self, *rights: Right) -> bool:
        """Whether one of the rights is held at all."""
        return any(may(self.account, right) for right in rights)

    def places(self, right: Right) -> frozenset[int] | None:
        """Ids of the places with whose records the right may be used; None for all (R-3)."""
        own = posted_at(self.account, right)
        return None if own is None else self._with_those_below(own)

    def at(self, column: Any, right: Right) -> ColumnElement[bool]:
        """The condition that a column names such a place."""
        own = self.places(right)
        return true() if own is None else column.in_(own)

    def below(self, right: Right) -> frozenset[int]:
        """Ids of the places that a post is bound to as its own, and of those below; not a city for its offices."""
        own = frozenset(
            post.place_id
            for post in self.account.held
            if post.place_id is not None and reach_of(post.role, right) is Reach.PLACE
        )
        return self._with_those_below(own)

    def _with_those_below(self, own: frozenset[int]) -> frozenset[int]:
        if own and own not in self._beneath:
            self._beneath[own] = frozenset(db.session.scalars(places.subtree(own)))
        return self._beneath[own] if own else own

    def bodies(self, right: Right) -> Select[int]:
        """Ids of the bodies for which the person acts: its own units, and those of its own places.

        An office may act for every body of its city; what those owe does not wait for the office.
        """
        units = [
            post.organisation_id
            for post in self.account.held
            if post.organisation_id is not None and reach_of(post.role, right) is not Reach.NONE
        ]
        return select(Organisation.id).where(
            or_(Organisation.id.in_(units), Organisation.place_id.in_(self.below(right)))
        )


def gathered(name: str, address: str, wanted: Select[*tuple[Any, ...]], item: Callable[[Any], Item]) -> Lot:
    """A lot by one question; the last column of `wanted` counts all rows, the limit is set here."""
    rows = db.session.execute(wanted.limit(FIRST)).all()
    return Lot(name, [item(row) for row in rows], rows[0][-1] if rows else 0, address)
