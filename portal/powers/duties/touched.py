"""Which duties a change of a list touches: who takes over, who regulates, who enforces."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.i18n import mark
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.adjusting.touching import Consequence, Touched

TITLES = {
    DutyRole.RECEIVER: mark("承接单位的记录"),
    DutyRole.REGULATOR_CITY: mark("市级监管的记录"),
    DutyRole.REGULATOR_PLACE: mark("本地监管的记录"),
    DutyRole.ENFORCEMENT: mark("执法的记录"),
}


def touched(change: Touched) -> Iterator[Consequence]:
    """By role, place by place."""
    rows = [
        row
        for some in change.batches()
        for row in db.session.execute(
            select(Duty.matter_id, Duty.place_id, Duty.role).where(Duty.matter_id.in_(some))
        )
    ]
    for role, title in TITLES.items():
        pairs = ((row.matter_id, row.place_id) for row in rows if row.role is role)
        yield from change.by_place(title, change.counted(pairs))
