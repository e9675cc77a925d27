"""Reading what could not be delivered, and what people did about it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.notifications.models import Delivery, DeliveryRecord
from portal.foundation.notifications.rules import Channel, DeliveryState


def by_channel() -> dict[Channel, int]:
    """How many deliveries have failed and were neither sent again nor given up, by channel, most first."""
    count = func.count().label("count")
    failed = select(Delivery.channel, count).where(Delivery.state == DeliveryState.FAILED)
    found = db.session.execute(failed.group_by(Delivery.channel).order_by(count.desc(), Delivery.channel))
    return dict(found.all())


def newest_records(delivery_ids: Collection[int]) -> dict[int, DeliveryRecord]:
    """What was last done by hand to each of these deliveries, where anything was."""
    newest = select(func.max(DeliveryRecord.id)).where(DeliveryRecord.delivery_id.in_(delivery_ids))
    found = select(DeliveryRecord).where(DeliveryRecord.id.in_(newest.group_by(DeliveryRecord.delivery_id)))
    return {each.delivery_id: each for each in db.session.scalars(found)}
