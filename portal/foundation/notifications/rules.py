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


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it is over and a person must look."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(seconds=30 * 2 ** (attempts - 1)), timedelta(hours=1))
