"""Reading the inbox and the deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import DeliveryState


def by_key(key: str) -> Select[Notice]:
    """The statement for the one notice of that key."""
    return select(Notice).where(Notice.key == key)


def inbox(account: Account, *, offset: int = 0, limit: int = 20) -> Sequence[Notice]:
    """The notices of the account's organisation, newest first; none without an organisation."""
    newest = select(Notice).where(Notice.organisation_id == account.organisation_id)
    return db.session.scalars(newest.order_by(Notice.id.desc()).offset(offset).limit(limit)).all()


def inbox_size(account: Account) -> int:
    """How many notices the account's organisation has in all."""
    mine = Notice.organisation_id == account.organisation_id
    return db.session.scalars(select(func.count()).select_from(Notice).where(mine)).one()


def unread(account: Account) -> int:
    """How many notices of the account's organisation nobody has read yet."""
    mine = Notice.organisation_id == account.organisation_id
    counted = select(func.count()).select_from(Notice).where(mine, Notice.read_at.is_(None))
    return db.session.scalars(counted).one()


def due(now: datetime, *, limit: int = 100) -> Sequence[int]:
    """Ids of deliveries to be tried now, the longest due first; those cut off while sending among them."""
    open_states = (DeliveryState.QUEUED, DeliveryState.SENDING)
    waiting = select(Delivery.id).where(Delivery.state.in_(open_states), Delivery.next_at <= now)
    return db.session.scalars(waiting.order_by(Delivery.next_at, Delivery.id).limit(limit)).all()


def deliveries(*states: DeliveryState, offset: int = 0, limit: int = 50) -> Sequence[Delivery]:
    """Deliveries in the given states (all without any), newest first, with their notices."""
    newest = select(Delivery).options(joinedload(Delivery.notice).joinedload(Notice.organisation))
    if states:
        newest = newest.where(Delivery.state.in_(states))
    return db.session.scalars(newest.order_by(Delivery.id.desc()).offset(offset).limit(limit)).all()
