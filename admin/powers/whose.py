"""Of which place a proposal or revision is: the one that issued the list, or says something of itself or its bureau."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import PowerList
from portal.powers.memoranda.models import Memorandum

Places = frozenset[int] | None
"""Ids of places; None for all."""


def of_places(
    thing: type[Proposal | Revision], lists_of: Places, statements_of: Places
) -> ColumnElement[bool]:
    """The condition that a proposal or revision is about a list, a statement or a memorandum of one of these places."""
    return or_(
        and_(thing.subject == Subject.LIST, thing.subject_id.in_(_lists(lists_of)))
        if lists_of is not None
        else thing.subject == Subject.LIST,
        and_(
            thing.subject == Subject.UPTAKE,
            true() if statements_of is None else thing.subject_id.in_(statements_of),
        ),
        and_(
            thing.subject == Subject.MEMORANDUM,
            true() if statements_of is None else thing.subject_id.in_(_memoranda(statements_of)),
        ),
    )


def _memoranda(places: frozenset[int]) -> Select[int]:
    """Memoranda are their bureau's place's, as its statement is."""
    return select(Memorandum.id).join(Memorandum.bureau).where(Organisation.place_id.in_(places))


def _lists(places: frozenset[int]) -> Select[int]:
    return select(PowerList.id).where(PowerList.place_id.in_(places))
