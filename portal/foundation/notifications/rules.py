"""Channels, states and the pauses between attempts. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Channel(StrEnum):
    """How a notice leaves the system; the inbox is the notice's own row."""

    EMAIL = "email"


class DeliveryState(StrEnum):
    """Where one delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


ATTEMPTS = 8

SENDING_AT_MOST = timedelta(seconds=120)
"""A worker that took a delivery and said nothing for so long has died: another one repeats it."""

SMTP_TIMEOUT = 10.0
"""Seconds that the mail server may take for one answer; about ten answers stay within SENDING_AT_MOST."""


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is over and a person must look."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(seconds=30 * 2 ** (attempts - 1)), timedelta(hours=1))
