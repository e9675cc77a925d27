"""Exceptions of a working copy go on for the successor; what was published stays as it is."""

from __future__ import annotations

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, delete, plainly
from portal.i18n import mark
from portal.powers.lists.models import Delegation, ScopeException
from portal.powers.matters.models import Matter


def _name(row: ScopeException) -> str:
    return db.session.get_one(Matter, db.session.get_one(Delegation, row.delegation_id).matter_id).name


MOVING = (
    Hanging(
        ScopeException.place_id,
        mark("草稿里适用范围的例外"),
        _name,
        plainly,
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
