"""The verbs on what could not be delivered, for whoever may see the background work (SEE_RUNS)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, insert, update

from portal import clock
from portal.db import db
from portal.errors import Conflict, NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.models import Delivery, DeliveryRecord
from portal.foundation.notifications.rules import AGAIN, Channel, DeliveryAct, DeliveryState
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import require
from portal.i18n import mark
from portal.queue import Job, ring

GIVEN_UP = mark("系统管理员已经放弃")


def send_again(delivery_id: int, *, by: Account) -> Delivery:
    """Send a delivery that failed, or was not sent, again from the first attempt, with the same key.

    The others of a digest go with it. Raises Forbidden, NotFound, or Conflict when it has not failed.
    """
    require(by, Right.SEE_RUNS)
    delivery = _get(delivery_id)
    if not _resent(_with_its_digest(delivery), Delivery.state.in_(AGAIN), by=by):
        raise Conflict("这条通知没有发送失败，不用重新发送。")
    db.session.refresh(delivery)
    return delivery


def send_all_again(*, by: Account, channel: Channel | None = None, organisation_id: int | None = None) -> int:
    """Send everything that failed again, on wish of one channel or one unit, and give how many."""
    require(by, Right.SEE_RUNS)
    return _resent(*_failed(channel, organisation_id), by=by)


def give_up(delivery_id: int, *, by: Account) -> Delivery:
    """Leave a delivery that failed as it is: it alarms no more, and can still be sent again.

    The others of a digest are left with it. Raises Forbidden, NotFound, or Conflict when it has not failed.
    """
    require(by, Right.SEE_RUNS)
    delivery = _get(delivery_id)
    if not _given_up(_with_its_digest(delivery), Delivery.state == DeliveryState.FAILED, by=by):
        raise Conflict("这条通知没有发送失败，不用放弃。")
    db.session.refresh(delivery)
    return delivery


def give_all_up(*, by: Account, channel: Channel | None = None, organisation_id: int | None = None) -> int:
    """Give everything up that failed, on wish of one channel or one unit; how many that was."""
    require(by, Right.SEE_RUNS)
    return _given_up(*_failed(channel, organisation_id), by=by)


def _get(delivery_id: int) -> Delivery:
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound("没有这条发送记录。")
    return delivery


def _with_its_digest(delivery: Delivery) -> ColumnElement[bool]:
    return Delivery.digest == delivery.digest if delivery.digest else Delivery.id == delivery.id


def _failed(channel: Channel | None, organisation_id: int | None) -> list[ColumnElement[bool]]:
    wanted = [Delivery.state == DeliveryState.FAILED]
    if channel is not None:
        wanted.append(Delivery.channel == channel)
    if organisation_id is not None:
        wanted.append(Delivery.organisation_id == organisation_id)
    return wanted


def _resent(*where: ColumnElement[bool], by: Account) -> int:
    now = clock.now()
    again = {"state": DeliveryState.QUEUED, "attempts": 0, "next_at": now, "noted_at": now, "error": ""}
    count = _acted_on(DeliveryAct.RESEND, again, *where, by=by)
    if count:
        ring(Job.DELIVER)
    return count


def _given_up(*where: ColumnElement[bool], by: Account) -> int:
    left = {"state": DeliveryState.VOID, "error": GIVEN_UP}
    return _acted_on(DeliveryAct.GIVE_UP, left, *where, by=by)


def _acted_on(act: DeliveryAct, values: dict[str, Any], *where: ColumnElement[bool], by: Account) -> int:
    """Change what there is, as the database says at that moment, with a record for each; gives how many."""
    changed = update(Delivery).where(*where).values(claim="", **values).returning(Delivery.id)
    ids = db.session.scalars(changed.execution_options(synchronize_session=False)).all()
    if ids:
        now = clock.now()
        rows = [{"delivery_id": each, "act": act, "by_id": by.id, "at": now} for each in ids]
        db.session.execute(insert(DeliveryRecord), rows)
    return len(ids)
