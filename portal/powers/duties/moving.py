"""Duties go on with whoever goes on with the body or the place."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, delete, plainly
from portal.i18n import mark
from portal.powers.duties.models import Duty, DutyRole


def _name(row: Duty) -> str:
    return row.matter.name


def _here(kind: Hanging, row: Duty, successor: Subject, occasion: Occasion) -> bool:
    """A place has one receiver for a matter: the successor keeps its own."""
    own = select(Duty.id).where(
        Duty.place_id == successor.id, Duty.matter_id == row.matter_id, Duty.role == DutyRole.RECEIVER
    )
    if row.role is DutyRole.RECEIVER and db.session.scalar(own.limit(1)) is not None:
        delete(row, occasion)
        return False
    return plainly(kind, row, successor, occasion)


MOVING = (
    Hanging(
        Duty.place_id,
        mark("本地的承接和监管职责"),
        _name,
        _here,
        delete,
        mark("从草稿里删去"),
        follows=lambda row: row.organisation_id,
    ),
    Hanging(Duty.organisation_id, mark("单位的承接和监管职责"), _name, plainly, delete, mark("从草稿里删去")),
)
