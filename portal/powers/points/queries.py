"""Reading service points."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.powers.points.models import ServicePoint


def of_place(place_id: int) -> Sequence[ServicePoint]:
    """A place's service points, the oldest first."""
    return db.session.scalars(
        select(ServicePoint).where(ServicePoint.place_id == place_id).order_by(ServicePoint.id)
    ).all()
