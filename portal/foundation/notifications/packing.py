"""What goes out as one message: a delivery, or a whole digest, with what it says and where to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import current_app

from portal import clock
from portal.config import Settings
from portal.foundation.notifications import service, texts
from portal.foundation.notifications.channels.contract import Destination, Item, Message
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import Channel
from portal.foundation.notifications.ways.queries import Choice
from portal.i18n import mark

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


@dataclass(frozen=True)
class Fit:
    """A delivery that goes out now, with what it says and where to."""

    delivery: Delivery
    item: Item
    destination: Destination


def packed(delivery: Delivery, chosen: Choice) -> Fit:
    """What one delivery says and where to, as its unit has chosen."""
    notice, channel = delivery.notice, delivery.channel
    address = service.address_of(channel, notice.organisation, chosen, notice.account)
    destination = Destination(address, _secrets(channel, chosen))
    return Fit(delivery, _item(delivery, _settings(), chosen.language), destination)


def bundled(fit: Sequence[Fit], chosen: dict[int, Choice]) -> Iterator[Parcel]:
    """One for each delivery, or for all those of a digest together."""
    in_order = sorted(fit, key=lambda each: each.delivery.digest or "")
    for _key, mates in groupby(in_order, key=lambda each: each.delivery.digest or each.delivery.id):
        together = list(mates)
        first = together[0].delivery
        yield Parcel(
            ids=tuple(each.delivery.id for each in together),
            claim=first.claim,
            attempts=first.attempts,
            channel=first.channel,
            lane=first.lane,
            message=_message(together, chosen[first.organisation_id]),
            destination=together[0].destination,
        )


def _secrets(channel: Channel, chosen: Choice) -> tuple[str, ...]:
    way = chosen.ways.get(channel)
    if way is None or not way.secret:
        return ()
    both = way.former_secret and way.former_until is not None and way.former_until > clock.now()
    return (way.secret, way.former_secret) if both else (way.secret,)


def _message(together: Sequence[Fit], chosen: Choice) -> Message:
    """What the deliveries say together, in the unit's language."""
    settings, tongue = _settings(), chosen.language
    items = tuple(each.item for each in together)
    first = together[0].delivery
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


def _settings() -> Settings:
    settings: Settings = current_app.config["REMIT"]
    return settings
