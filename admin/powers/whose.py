"""Of which place a proposal or revision is: the one that issued the list, or the one that says something of itself."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import PowerList

Places = frozenset[int] | None
"""Ids of places; None for all."""


def of_places(
    thing: type[Proposal | Revision], lists_of: Places, statements_of: Places
) -> ColumnElement[bool]:
    """The condition that a proposal or revision is about a list, or the statement, of one of these places."""
    return or_(
        and_(thing.subject == Subject.LIST, thing.subject_id.in_(_lists(lists_of)))
        if lists_of is not None
        else thing.subject == Subject.LIST,
        and_(
            thing.subject == Subject.UPTAKE,
            true() if statements_of is None else thing.subject_id.in_(statements_of),
        ),
    )


def _lists(places: frozenset[int]) -> Select[int]:
    return select(PowerList.id).where(PowerList.place_id.in_(places))
