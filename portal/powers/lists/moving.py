"""Exceptions of a working copy go on for the successor; what was published stays as it is."""

from __future__ import annotations

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject as Published
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, delete, plainly
from portal.i18n import mark
from portal.powers.lists.models import Delegation, ScopeException
from portal.powers.matters.models import Matter


def _name(row: ScopeException) -> str:
    return db.session.get_one(Matter, db.session.get_one(Delegation, row.delegation_id).matter_id).name


def _exception(kind: Hanging, row: ScopeException, successor: Subject, occasion: Occasion) -> bool:
    """A new place takes the exception over; one that the list answers for already goes on as it is answered for."""
    list_id = db.session.get_one(Delegation, row.delegation_id).list_id
    public = publishing.newest(Published.LIST, list_id)
    if public is not None and successor.id in {each["id"] for each in public.content["place_ids"]}:
        delete(row, occasion)
        return False
    return plainly(kind, row, successor, occasion)


MOVING = (
    Hanging(
        ScopeException.place_id,
        mark("草稿里适用范围的例外"),
        _name,
        _exception,
        delete,
        mark("从草稿里删去"),
    ),
)
STAYING = {
    "power_lists.place_id": mark("清单是谁发的，不会变"),
    "answers.place_id": mark("已公布的版本不变"),
    "cube_sets.place_id": mark("已公布的版本不变"),
    "published_matters.organisation_id": mark("已公布的版本不变"),
}
