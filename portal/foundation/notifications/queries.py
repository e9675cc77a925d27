"""Reading the inbox, what was sent, and the deliveries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.models import Delivery, Notice, Receipt
from portal.foundation.notifications.rules import BATCH, OPEN, TRIAL, Channel, DeliveryState, NoticeKind

LOOK_AHEAD = 500
"""So many due deliveries are looked at when the next ones are chosen, so that each unit has its turn."""

LOOKS = 8
"""So often is looked further, past units that fill what is looked at."""

COUNTED = 100
"""Unread notices are counted up to here: more is said as so many and more."""


def by_key(key: str) -> Select[Notice]:
    """The statement for the one notice of that key."""
    return select(Notice).where(Notice.key == key)


def meant_for(account: Account) -> ColumnElement[bool]:
    """Whether a notice is this account's: one to a whole organisation in which it has a post, or to itself there."""
    return and_(
        Notice.organisation_id.in_(account.unit_ids),
        or_(Notice.account_id.is_(None), Notice.account_id == account.id),
    )


def _unread(account: Account) -> ColumnElement[bool]:
    receipt = exists().where(Receipt.notice_id == Notice.id, Receipt.account_id == account.id)
    return and_(meant_for(account), ~receipt)


def inbox(account: Account, *, unread: bool = False, offset: int = 0, limit: int = 20) -> Sequence[Notice]:
    """The account's notices, newest first, on wish the unread alone; none without an organisation."""
    wanted = _unread(account) if unread else meant_for(account)
    newest = select(Notice).where(wanted).order_by(Notice.id.desc())
    return db.session.scalars(newest.offset(offset).limit(limit)).all()


def inbox_size(account: Account, *, unread: bool = False) -> int:
    """How many notices the account has, on wish the unread alone."""
    wanted = _unread(account) if unread else meant_for(account)
    return db.session.scalars(select(func.count()).select_from(Notice).where(wanted)).one()


def unread(account: Account) -> int:
    """How many notices the account has not read yet, COUNTED at most."""
    some = select(Notice.id).where(_unread(account)).limit(COUNTED).subquery()
    return db.session.scalars(select(func.count()).select_from(some)).one()


def unread_ids(account: Account) -> Sequence[int]:
    """Ids of the notices that the account has not read yet."""
    return db.session.scalars(select(Notice.id).where(_unread(account))).all()


def read_by(account: Account, notices: Collection[Notice]) -> frozenset[int]:
    """Ids of those of the notices that the account has read."""
    wanted = select(Receipt.notice_id).where(
        Receipt.account_id == account.id, Receipt.notice_id.in_([each.id for each in notices])
    )
    return frozenset(db.session.scalars(wanted))


def due(now: datetime, *, limit: int = BATCH, without: Collection[str] = ()) -> Sequence[int]:
    """Ids of deliveries to be tried now, those cut off while sending among them; not of the lanes in `without`.

    The longest due first, but by turns of the units: one that sends seven times its usual does not keep the
    others waiting, however much of it is due before theirs.
    """
    waiting = select(Delivery.id, Delivery.next_at, Delivery.organisation_id).where(
        Delivery.state.in_(OPEN), Delivery.next_at <= now
    )
    if without:
        waiting = waiting.where(Delivery.lane.not_in(list(without)))
    turns: list[Row[int, datetime, int, int, int, int]] = []
    crowds: set[int] = set()
    for _ in range(LOOKS):
        some = _by_turns(waiting.where(Delivery.organisation_id.not_in(crowds)), limit)
        turns += some
        units = {row.organisation_id for row in turns}
        # Whoever has a whole batch there needs no more looking for: behind it may be those who have less.
        crowded = {row.organisation_id for row in some if row.looked_at == LOOK_AHEAD and row.own >= limit}
        if not crowded or len(units) >= limit:
            break
        crowds |= crowded
    return [row.id for row in sorted(turns, key=lambda row: (row.turn, row.next_at, row.id))[:limit]]


def _by_turns(
    waiting: Select[int, datetime, int], limit: int
) -> Sequence[Row[int, datetime, int, int, int, int]]:
    """The next ones of what is looked at, by turns; with how many were looked at, in all and of the own unit."""
    ahead = waiting.order_by(Delivery.next_at, Delivery.id).limit(LOOK_AHEAD).subquery()
    unit = ahead.c.organisation_id
    turn = func.row_number().over(partition_by=unit, order_by=(ahead.c.next_at, ahead.c.id))
    numbered = select(
        ahead,
        turn.label("turn"),
        func.count().over(partition_by=unit).label("own"),
        func.count().over().label("looked_at"),
    ).subquery()
    chosen = select(numbered).order_by(numbered.c.turn, numbered.c.next_at, numbered.c.id).limit(limit)
    return db.session.execute(chosen).all()


def _those(
    states: Collection[DeliveryState], channel: Channel | None, organisation_id: int | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if states:
        conditions.append(Delivery.state.in_(states))
    if channel is not None:
        conditions.append(Delivery.channel == channel)
    if organisation_id is not None:
        conditions.append(Delivery.organisation_id == organisation_id)
    return conditions


def deliveries(
    *states: DeliveryState,
    channel: Channel | None = None,
    organisation_id: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> Sequence[Delivery]:
    """Deliveries in the given states (all without any), newest first, with their notices."""
    newest = select(Delivery).options(joinedload(Delivery.notice).joinedload(Notice.organisation))
    wanted = newest.where(*_those(states, channel, organisation_id)).order_by(Delivery.id.desc())
    return db.session.scalars(wanted.offset(offset).limit(limit)).all()


def deliveries_count(
    *states: DeliveryState, channel: Channel | None = None, organisation_id: int | None = None
) -> int:
    """How many there are of those."""
    counted = select(func.count(Delivery.id)).where(*_those(states, channel, organisation_id))
    return db.session.scalar(counted) or 0


def last_trial(organisation_id: int, channel: Channel) -> Delivery | None:
    """The unit's newest trial by a channel."""
    wanted = (
        select(Delivery)
        .join(Notice)
        .where(
            Notice.event == TRIAL,
            Notice.organisation_id == organisation_id,
            Delivery.channel == channel,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return db.session.scalar(wanted)


Within = Sequence[Select[int]] | None
"""Statements for the ids of the bodies whose notices somebody may see; None for all."""


def _sent(kind: NoticeKind | None, organisation_id: int | None, within: Within) -> list[ColumnElement[bool]]:
    conditions = [Notice.kind != NoticeKind.TRIAL] if kind is None else [Notice.kind == kind]
    if organisation_id is not None:
        conditions.append(Notice.organisation_id == organisation_id)
    if within is not None:
        conditions.append(or_(*(Notice.organisation_id.in_(each) for each in within)))
    return conditions


def sent(
    kind: NoticeKind | None = None,
    organisation_id: int | None = None,
    *,
    within: Within = None,
    offset: int = 0,
    limit: int = 20,
) -> Sequence[Notice]:
    """Notices with who has read them and how they were delivered, newest first, for those who caused them."""
    newest = (
        select(Notice)
        .options(
            joinedload(Notice.organisation),
            joinedload(Notice.account),
            selectinload(Notice.deliveries),
            selectinload(Notice.receipts).joinedload(Receipt.account),
        )
        .where(*_sent(kind, organisation_id, within))
        .order_by(Notice.id.desc())
    )
    return db.session.scalars(newest.offset(offset).limit(limit)).all()


def sent_size(
    kind: NoticeKind | None = None, organisation_id: int | None = None, *, within: Within = None
) -> int:
    """How many those are in all."""
    counted = select(func.count()).select_from(Notice).where(*_sent(kind, organisation_id, within))
    return db.session.scalars(counted).one()
