"""Kinds of notices, channels, states, pauses between attempts, quiet hours and digests. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit


class NoticeKind(StrEnum):
    """What a notice is about; a unit chooses its channels by this."""

    PUBLICATION = "publication"
    DEADLINE = "deadline"
    HANDOVER = "handover"
    TASK = "task"
    REGULATION = "regulation"
    GENERAL = "general"
    TRIAL = "trial"


class Channel(StrEnum):
    """How a notice leaves the system; the inbox is the notice's own row."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SMS = "sms"
    FILE = "file"


class Timing(StrEnum):
    """When a unit wants a kind of notice by a channel."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class DeliveryAct(StrEnum):
    """What a person did to a delivery that failed."""

    RESEND = "resend"
    GIVE_UP = "give_up"


class DeliveryState(StrEnum):
    """Where one delivery stands; the last three are its ends."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    VOID = "void"


TRIAL = "trial"
"""The occasion of all trials, by which a unit's newest is found among a great many notices."""

OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)
AGAIN = (DeliveryState.FAILED, DeliveryState.VOID)
"""What can be sent again by hand."""

ATTEMPTS = 8
BATCH = 50
"""So many deliveries are claimed at once."""

LEASE = timedelta(seconds=30)
"""A worker that took deliveries and said nothing for so long has died: another one repeats them."""

LONGEST_WAIT = timedelta(days=1)
"""No rule puts a delivery off further: not quiet hours, not the digest, not what another side may ask for."""

SKEW = timedelta(minutes=1)
"""The clocks of two machines never agree quite; so much is let pass."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
SPREAD = 0.25


def pause_after(attempts: int, key: str = "", at_least: timedelta = timedelta()) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is over and a person must look.

    The pause is up to a quarter longer, by the key, so that what failed together does not come back together;
    `at_least` is what the other side asked for (Retry-After).
    """
    if attempts >= ATTEMPTS:
        return None
    pause: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return max(pause * (1 + SPREAD * share(f"{key}:{attempts}")), at_least)


def share(key: str) -> float:
    """A number from 0 to 1 that is always the same for the key."""
    return int(sha256(key.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def short(key: str) -> str:
    """A delivery's key in twelve signs, for messages that have no other place for it."""
    return sha256(key.encode()).hexdigest()[:12]


def after_quiet(local: datetime, begin: time | None, end: time | None) -> datetime | None:
    """When the quiet hours end that `local` lies in; None outside of them. They may go over midnight."""
    if begin is None or end is None or begin == end:
        return None
    now = local.time()
    if begin < end:
        quiet, onward = begin <= now < end, 0
    else:
        quiet, onward = now >= begin or now < end, int(now >= begin)
    if not quiet:
        return None
    return datetime.combine(local.date() + timedelta(days=onward), end, local.tzinfo)


def next_digest(local: datetime, at: time) -> datetime:
    """The next moment at which the day's notices go out together."""
    today = datetime.combine(local.date(), at, local.tzinfo)
    return today if local < today else today + timedelta(days=1)


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a text as JSON: days are kept as days, to be written in the reader's language."""
    return {
        name: {"day": each.isoformat()} if isinstance(each, date) else each for name, each in values.items()
    }


def masked(address: str) -> str:
    """A recipient's address for people to recognise and nobody to use: w…x@example.cn, 138…00, hooks.example.cn."""
    if "://" in address:
        return urlsplit(address).hostname or ""
    if "@" in address:
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}…{name[-1:]}@{domain}"
    return f"{address[:3]}…{address[-2:]}" if address else ""
