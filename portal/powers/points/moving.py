"""Service points go on with whoever goes on with the place or the body."""

from __future__ import annotations

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, Occasion, delete, plainly
from portal.i18n import mark
from portal.powers.points.models import ServicePoint


def _name(row: ServicePoint) -> str:
    return row.name


def _nobodys(row: ServicePoint, occasion: Occasion) -> None:
    del occasion
    row.organisation = None
    db.session.flush()


MOVING = (
    Hanging(
        ServicePoint.place_id,
        mark("办事点"),
        _name,
        plainly,
        delete,
        mark("从草稿里删去"),
        singly=True,
        follows=lambda row: row.organisation_id,
    ),
    Hanging(
        ServicePoint.organisation_id,
        mark("单位的办事点"),
        _name,
        plainly,
        _nobodys,
        mark("不再写明单位"),
        singly=True,
    ),
)
