"""Deliveries on their way: claimed by the batch, judged, handed to a channel, settled.

Whoever sends holds a claim for LEASE and renews it; a claim that ran out is another's. No transaction
is open while a channel takes its time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.config import Settings
from portal.db import db
from portal.foundation.notifications import queries, rules, service, texts
from portal.foundation.notifications.channels.contract import (
    Destination,
    Item,
    Message,
    Outcome,
    Refused,
    Sent,
)
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import (
    ATTEMPTS,
    FIRST_PAUSE,
    OPEN,
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

LEASE = rules.LEASE

CUT_OFF = mark("发送几次都中途断了，不知道对方是否收到")
ENDED = mark("这个地方已经撤并，单位不再收通知")
CLOSED = mark("账号已经停用")
MOVED = mark("这个人已经不在这个单位")
SWITCHED_OFF = mark("单位关闭了这种通知方式")
NOWHERE = mark("这种方式现在没有地址可发")
FOOTER = mark("本通知由%(site)s自动发出，请不要直接回复。")
DIGEST = mark("%(day)s的通知，共%(count)s条")


@dataclass(frozen=True)
class Parcel:
    """What goes out as one message: one delivery, or those of a digest."""

    ids: tuple[int, ...]
    claim: str
    attempts: int
    channel: Channel
    lane: str
    message: Message
    destination: Destination


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
    chosen = choices({each.organisation_id for each in mine})
    fit = [each for each in mine if _let_through(each, chosen[each.organisation_id], now)]
    return count, list(_parcels(fit, chosen))


def keep(parcels: Collection[Parcel]) -> None:
    """Renew the claims of a worker that is still at it."""
    ids = [each for parcel in parcels for each in parcel.ids]
    proofs = {parcel.claim for parcel in parcels}
    _write(ids, proofs, {"next_at": clock.now() + LEASE})


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


def put_back(parcels: Collection[Parcel], pause: timedelta) -> None:
    """Let what was not tried, since the other side is busy, come another time; it counts as no attempt."""
    later = clock.now() + max(pause, FIRST_PAUSE)
    back = {"state": DeliveryState.QUEUED, "attempts": Delivery.attempts - 1, "next_at": later}
    _write([each for parcel in parcels for each in parcel.ids], {parcel.claim for parcel in parcels}, back)


def rest(lane: str, pause: timedelta) -> None:
    """Let everything else that is due in a lane wait: it would only find out the same."""
    now = clock.now()
    there = update(Delivery).where(
        Delivery.state == DeliveryState.QUEUED, Delivery.next_at <= now, Delivery.lane == lane
    )
    _execute(there.values(next_at=now + max(pause, FIRST_PAUSE)))


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
            claim=proof,
        )
    )


def _let_through(delivery: Delivery, chosen: Choice, now: datetime) -> bool:
    """Whether it goes out now; what does not is settled or put off here. Judged when sending, not when queueing."""
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
    ended = notice.organisation.place.ended_on
    if ended is not None and ended <= clock.today():
        return ENDED
    account = notice.account
    if account is not None and not account.active:
        return CLOSED
    if account is not None and account.organisation_id != notice.organisation_id:
        return MOVED
    way = chosen.ways.get(delivery.channel)
    if chosen.timing(notice.kind, delivery.channel) is Timing.NEVER or (way is not None and not way.active):
        return SWITCHED_OFF
    if not service.address_of(delivery.channel, notice.organisation, chosen, account):
        return NOWHERE
    return ""


def _put_off(delivery: Delivery, **values: Any) -> None:
    _put(delivery, state=DeliveryState.QUEUED, attempts=delivery.attempts - 1, claim="", **values)


def _put(delivery: Delivery, **values: Any) -> None:
    for name, value in values.items():
        setattr(delivery, name, value)
    db.session.flush()


def _parcels(deliveries: Sequence[Delivery], chosen: dict[int, Choice]) -> Iterator[Parcel]:
    for _key, mates in groupby(deliveries, key=lambda each: each.digest or each.id):
        together = list(mates)
        first = together[0]
        choice = chosen[first.organisation_id]
        address = service.address_of(first.channel, first.notice.organisation, choice, first.notice.account)
        yield Parcel(
            ids=tuple(each.id for each in together),
            claim=first.claim,
            attempts=first.attempts,
            channel=first.channel,
            lane=first.lane,
            message=_message(together, choice),
            destination=Destination(address, _secrets(first.channel, choice)),
        )
        for each in together:
            each.recipient = masked(address) if first.channel is not Channel.FILE else ""


def _secrets(channel: Channel, chosen: Choice) -> tuple[str, ...]:
    way = chosen.ways.get(channel)
    if way is None or not way.secret:
        return ()
    both = way.former_secret and way.former_until is not None and way.former_until > clock.now()
    return (way.secret, way.former_secret) if both else (way.secret,)


def _message(deliveries: Sequence[Delivery], chosen: Choice) -> Message:
    """What the deliveries say together, in the unit's language."""
    settings, tongue = _settings(), chosen.language
    items = tuple(_item(each, settings, tongue) for each in deliveries)
    first = deliveries[0]
    title = items[0].title
    if len(items) > 1:
        day = {"day": clock.today().isoformat()}
        title = texts.filled(DIGEST, {"day": day, "count": len(items)}, tongue)
    return Message(
        key=first.digest or first.key,
        site=texts.filled(settings.site.name, {}, tongue),
        unit=first.notice.organisation.name,
        title=title,
        items=items,
        created_at=first.notice.created_at,
        footer=texts.filled(FOOTER, {"site": settings.site.name}, tongue),
        language=tongue,
    )


def _item(delivery: Delivery, settings: Settings, tongue: str) -> Item:
    notice = delivery.notice
    title, body = texts.said(notice, tongue)
    link = settings.public_url + notice.address if settings.public_url and notice.address else ""
    return Item(delivery.key, notice.kind.value, title, body, link, notice.created_at)


def _settled(parcel: Parcel, outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Sent):
        return {"state": DeliveryState.SENT, "sent_at": clock.now(), "error": ""}
    if isinstance(outcome, Refused):
        state = DeliveryState.FAILED if outcome.allowed else DeliveryState.VOID
        return {"state": state, "error": outcome.reason}
    pause = pause_after(parcel.attempts, parcel.message.key, outcome.after)
    if pause is None:
        return {"state": DeliveryState.FAILED, "error": outcome.reason}
    return {"state": DeliveryState.QUEUED, "next_at": clock.now() + pause, "error": outcome.reason}


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


def _settings() -> Settings:
    settings: Settings = current_app.config["REMIT"]
    return settings
