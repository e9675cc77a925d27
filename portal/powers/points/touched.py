"""Which service points a change of a list touches: those of the places that feel it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.db import db
from portal.i18n import mark
from portal.powers.lists.adjusting.touching import Consequence, Touched
from portal.powers.points.models import ServicePoint


def touched(change: Touched) -> Iterator[Consequence]:
    """Place by place."""
    ids = [place.id for place in change.places]
    rows = db.session.execute(
        select(ServicePoint.place_id, func.count())
        .where(ServicePoint.place_id.in_(ids))
        .group_by(ServicePoint.place_id)
    )
    yield from change.by_place(mark("那里的办事点"), dict(rows.all()))
