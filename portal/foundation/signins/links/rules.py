"""What a link by e-mail is for and how long it is good. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class LinkPurpose(StrEnum):
    """Why somebody was sent a link."""

    INVITE = "invite"
    RESET = "reset"


LIFETIMES = {LinkPurpose.INVITE: timedelta(hours=72), LinkPurpose.RESET: timedelta(hours=2)}
"""How long a link is good."""

BETWEEN = timedelta(minutes=5)
"""A person who asks again sooner gets no second one: nobody's mailbox is to be filled from outside."""

AGAIN = timedelta(minutes=2)
"""After so long an e-mail that did not go out is tried again, each time twice as long."""

LONGEST_WAIT = timedelta(minutes=30)


def waits(attempts: int) -> timedelta:
    """How long after so many attempts to send it the next one is made."""
    factor: int = 2 ** min(max(attempts - 1, 0), 10)
    return min(AGAIN * factor, LONGEST_WAIT)
