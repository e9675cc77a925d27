"""Deliveries on their way: claimed by the batch, judged, handed to a channel, settled.

Whoever sends holds a claim for LEASE and renews it; a claim that ran out is another's. No transaction
is open while a channel takes its time.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db
from portal.foundation.notifications import queries, rules, service
from portal.foundation.notifications.channels.contract import Outcome, Refused, Retry, Sent
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.packing import Fit, Parcel, bundled, packed
from portal.foundation.notifications.rules import (
    ATTEMPTS,
    LONGEST_WAIT,
    OPEN,
    SKEW,
    Channel,
    DeliveryState,
    NoticeKind,
    Timing,
    after_quiet,
    masked,
    pause_after,
)
from portal.foundation.notifications.ways.queries import Choice, choices
from portal.foundation.organisations.models import Organisation
from portal.i18n import mark

log = structlog.get_logger(__name__)

LEASE = rules.LEASE

BROKEN = mark("发送时系统出错了")
CUT_OFF = mark("发送几次都中途断了，不知道对方是否收到")
ENDED = mark("这个地方已经撤并，单位不再收通知")
CLOSED = mark("账号已经停用")
MOVED = mark("这个人已经不在这个单位")
SWITCHED_OFF = mark("单位关闭了这种通知方式")
UNREADABLE = mark("地址或密钥是用别的加密密钥保存的，现在读不出来：请系统管理员核对 REMIT_FIELD_KEYS")
NOWHERE = mark("这种方式现在没有地址可发")


def set_right(now: datetime) -> int:
    """Let what a clock that was ahead has put off be due now; gives how much that was.

    It would wait for as long as the clock was wrong, since it waits for a moment of that clock. What was never tried
    is gathered for a digest anew. A worker's hold may be twice as long as one can be: the clocks of two
    machines never agree quite.
    """
    ahead = or_(Delivery.noted_at > now + SKEW, Delivery.next_at > now + LONGEST_WAIT + SKEW)
    put_off = and_(Delivery.state == DeliveryState.QUEUED, Delivery.next_at > now, ahead)
    held = and_(Delivery.state == DeliveryState.SENDING, Delivery.next_at > now + 2 * LEASE)
    digest = case((Delivery.attempts == 0, None), else_=Delivery.digest)
    wrong = update(Delivery).where(or_(put_off, held))
    return _execute(wrong.values(next_at=now, noted_at=now, digest=digest))


def claim(*, without: Collection[str] = ()) -> tuple[int, list[Parcel]]:
    """Take up to a batch of due deliveries for this worker, but none of the lanes in `without`.

    What is not to be sent (unit ended, account closed, channel switched off) ends here, what is to wait (quiet
    hours, digest) is put off, what its workers died of eight times is failed for a person to look. Gives how
    many were settled in one of these ways or taken, and what is to be sent.
    """
    now = clock.now()
    ids = _with_their_digests(queries.due(now, without=without), now)
    proof = uuid4().hex
    count = _taken(ids, now, proof) if ids else 0
    if not count:
        return 0, []
    whole = (
        select(Delivery)
        .options(
            joinedload(Delivery.notice).joinedload(Notice.organisation).joinedload(Organisation.place),
            joinedload(Delivery.notice).joinedload(Notice.account),
        )
        .where(Delivery.id.in_(ids), Delivery.claim == proof)
        .order_by(Delivery.digest, Delivery.next_at, Delivery.id)
        .execution_options(populate_existing=True)
    )
    mine = db.session.scalars(whole).all()
    _take_out_latecomers(mine, proof)
    chosen = choices({each.organisation_id for each in mine})
    fit = [_fit(each, chosen[each.organisation_id], now) for each in mine]
    return count, list(bundled([each for each in fit if each is not None], chosen))


def keep(parcels: Collection[Parcel]) -> None:
    """Renew the claims of a worker that is still at it."""
    ids = [each for parcel in parcels for each in parcel.ids]
    proofs = {parcel.claim for parcel in parcels}
    now = clock.now()
    _write(ids, proofs, {"next_at": now + LEASE, "noted_at": now})


def settle(parcel: Parcel, outcome: Outcome) -> None:
    """Write down what came of sending: sent, when to try again, failed or not to be sent.

    Nothing is written when the claim ran out meanwhile and another worker has it.
    """
    _write(parcel.ids, [parcel.claim], _settled(parcel, outcome))


def settle_sent(parcels: Sequence[Parcel]) -> None:
    """The same for many that were sent, in one statement."""
    ids = [each for parcel in parcels for each in parcel.ids]
    sent = {"state": DeliveryState.SENT, "sent_at": clock.now(), "error": ""}
    _write(ids, {parcel.claim for parcel in parcels}, sent)


def put_back(parcels: Collection[Parcel], pause: timedelta = timedelta()) -> None:
    """Let what was not tried, since it was another one's turn or the other side is busy, come after the pause.

    It counts as no attempt.
    """
    now = clock.now()
    back = {
        "state": DeliveryState.QUEUED,
        "attempts": Delivery.attempts - 1,
        "next_at": now + pause,
        "noted_at": now,
    }
    _write([each for parcel in parcels for each in parcel.ids], {parcel.claim for parcel in parcels}, back)


def rest(lane: str, pause: timedelta) -> None:
    """Let everything else that is due in a lane wait: it would only find out the same."""
    now = clock.now()
    there = update(Delivery).where(
        Delivery.state == DeliveryState.QUEUED, Delivery.next_at <= now, Delivery.lane == lane
    )
    _execute(there.values(next_at=now + pause, noted_at=now))


def _with_their_digests(ids: Sequence[int], now: datetime) -> list[int]:
    """The same with whatever else belongs to their digests, so that each goes out whole."""
    if not ids:
        return []
    digests = select(Delivery.digest).where(Delivery.id.in_(ids), Delivery.digest.is_not(None))
    mates = select(Delivery.id).where(
        Delivery.digest.in_(digests), Delivery.state.in_(OPEN), Delivery.next_at <= now
    )
    return sorted({*ids, *db.session.scalars(mates)})


def _taken(ids: Sequence[int], now: datetime, proof: str) -> int:
    wanted = select(Delivery.id, Delivery.digest).where(
        Delivery.id.in_(ids), Delivery.state.in_(OPEN), Delivery.next_at <= now
    )
    whole = db.session.execute(wanted).all()
    # What another worker is just claiming is not waited for. (SQLite lets one write at a time anyway.)
    free = set(db.session.scalars(wanted.with_for_update(skip_locked=True)).all())
    # A digest of which somebody else has a part is left to the next round: its key stands for all of it.
    torn = {digest for key, digest in whole if digest and key not in free}
    free -= {key for key, digest in whole if digest in torn}
    spent = update(Delivery).where(Delivery.id.in_(sorted(free)), Delivery.attempts >= ATTEMPTS)
    count = _execute(spent.values(state=DeliveryState.FAILED, error=CUT_OFF, claim=""))
    taken = update(Delivery).where(
        Delivery.id.in_(sorted(free)), Delivery.state.in_(OPEN), Delivery.attempts < ATTEMPTS
    )
    return count + _execute(
        taken.values(
            state=DeliveryState.SENDING,
            attempts=Delivery.attempts + 1,
            next_at=now + LEASE,
            noted_at=now,
            claim=proof,
        )
    )


def _take_out_latecomers(mine: Sequence[Delivery], proof: str) -> None:
    """Take out of its digest what was committed after that had been tried for the first time.

    A digest's key stands for what was in it then: whoever has received that takes the same key for a repeat. The
    latecomer is gathered for the next one.
    """
    named = {each.digest for each in mine if each.digest}
    if not named:
        return
    before = or_(
        and_(Delivery.claim != proof, Delivery.attempts >= 1, Delivery.state != DeliveryState.VOID),
        and_(Delivery.claim == proof, Delivery.attempts > 1),
    )
    tried = set(db.session.scalars(select(Delivery.digest).where(Delivery.digest.in_(named), before)))
    for each in mine:
        if each.digest in tried and each.attempts == 1:
            _put(each, digest=None)


def _fit(delivery: Delivery, chosen: Choice, now: datetime) -> Fit | None:
    """What goes out of it now, if anything does.

    One of which no message can be made fails alone, as one that was not taken: the others of its batch go on.
    """
    try:
        if not _let_through(delivery, chosen, now):
            return None
        fit = packed(delivery, chosen)
        known = masked(fit.destination.address) if delivery.channel is not Channel.FILE else ""
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("no message can be made of a notice", delivery=delivery.id)
        _put(delivery, **_tried_in_vain(delivery.attempts, delivery.key, Retry(BROKEN)))
        return None
    delivery.recipient = known
    return fit


def _let_through(delivery: Delivery, chosen: Choice, now: datetime) -> bool:
    """Whether it goes out now; what does not is settled or put off here. Judged when sending, not when queueing."""
    # Unsigned, or to where the unit does not want it, nothing goes out.
    if service.unreadable(delivery.channel, chosen):
        _put(delivery, state=DeliveryState.FAILED, error=UNREADABLE)
        return False
    reason = not_entitled(delivery, chosen)
    if reason:
        _put(delivery, state=DeliveryState.VOID, error=reason)
        return False
    timing = chosen.timing(delivery.notice.kind, delivery.channel)
    if timing is Timing.DAILY and delivery.digest is None and delivery.attempts == 1:
        _put_off(delivery, **service.gathered(delivery.notice, delivery.channel, chosen))
        return False
    local = now.astimezone(clock.HOME)
    quiet = after_quiet(local, chosen.quiet_from, chosen.quiet_until)
    if quiet is not None and delivery.notice.kind is not NoticeKind.TRIAL:
        _put_off(delivery, next_at=quiet)
        return False
    return True


def not_entitled(delivery: Delivery, chosen: Choice) -> str:
    """Why this recipient is not to have it any more; empty when it is."""
    notice = delivery.notice
    unit = notice.organisation
    if any(day is not None and day <= clock.today() for day in (unit.ended_on, unit.place.ended_on)):
        return ENDED
    account = notice.account
    if account is not None and not account.active:
        return CLOSED
    if account is not None and notice.organisation_id not in account.unit_ids:
        return MOVED
    way = chosen.ways.get(delivery.channel)
    if chosen.timing(notice.kind, delivery.channel) is Timing.NEVER or (way is not None and not way.active):
        return SWITCHED_OFF
    if not service.address_of(delivery.channel, notice.organisation, chosen, account):
        return NOWHERE
    return ""


def _put_off(delivery: Delivery, **values: Any) -> None:
    back = {"state": DeliveryState.QUEUED, "attempts": delivery.attempts - 1, "claim": ""}
    _put(delivery, **back, noted_at=clock.now(), **values)


def _put(delivery: Delivery, **values: Any) -> None:
    for name, value in values.items():
        setattr(delivery, name, value)
    db.session.flush()


def _settled(parcel: Parcel, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        return {"state": DeliveryState.SENT, "sent_at": clock.now(), "error": ""}
    if isinstance(outcome, Refused):
        state = DeliveryState.FAILED if outcome.allowed else DeliveryState.VOID
        return {"state": state, "error": outcome.reason}
    return _tried_in_vain(parcel.attempts, parcel.message.key, outcome)


def _tried_in_vain(attempts: int, key: str, outcome: Retry) -> dict[str, Any]:
    now, pause = clock.now(), pause_after(attempts, key, outcome.after)
    if pause is None:
        return {"state": DeliveryState.FAILED, "error": outcome.reason}
    return {
        "state": DeliveryState.QUEUED,
        "next_at": now + pause,
        "noted_at": now,
        "error": outcome.reason,
    }


def _write(ids: Collection[int], proofs: Collection[str], values: dict[str, Any]) -> None:
    if ids:
        mine = update(Delivery).where(
            Delivery.id.in_(list(ids)),
            Delivery.claim.in_(list(proofs)),
            Delivery.state == DeliveryState.SENDING,
        )
        _execute(mine.values(values))


def _execute(statement: Any) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
