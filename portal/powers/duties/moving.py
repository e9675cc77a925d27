"""Duties go on with whoever goes on with the body or the place."""

from __future__ import annotations

from portal.foundation.reorganisations.registry import Hanging, delete, plainly
from portal.i18n import mark
from portal.powers.duties.models import Duty


def _name(row: Duty) -> str:
    return row.matter.name


MOVING = (
    Hanging(Duty.place_id, mark("本地的承接和监管职责"), _name, plainly, delete, mark("从草稿里删去")),
    Hanging(Duty.organisation_id, mark("单位的承接和监管职责"), _name, plainly, delete, mark("从草稿里删去")),
)
