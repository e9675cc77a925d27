"""Reading service points."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from portal.db import db
from portal.powers.points.models import ServicePoint


def of_place(place_id: int) -> Sequence[ServicePoint]:
    """A place's service points, the oldest first."""
    return db.session.scalars(
        select(ServicePoint).where(ServicePoint.place_id == place_id).order_by(ServicePoint.id)
    ).all()


def counts(place_ids: Collection[int]) -> dict[int, int]:
    """How many service points each place has; places without any are left out."""
    of_place = ServicePoint.place_id
    wanted = select(of_place, func.count()).where(of_place.in_(place_ids)).group_by(of_place)
    return dict(db.session.execute(wanted).all())
