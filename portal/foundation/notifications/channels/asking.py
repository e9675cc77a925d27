"""What channels by HTTP share: asking once, and what the answer means for the delivery."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from portal import clock
from portal.config import Settings
from portal.foundation.notifications.channels.contract import Outcome, Refused, Retry, Sent, with_code
from portal.i18n import mark
from portal.outbound.allowed import AllowList
from portal.outbound.errors import BadAddressError, OutboundError
from portal.outbound.web import Answer, Policy, request

LONGEST_WISH = 86400
"""Seconds that another side may ask us to wait."""

_GONE_FOR_GOOD = (HTTPStatus.GONE,)
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


def policy(settings: Settings) -> Policy:
    """What may be reached, by the settings."""
    outbound = settings.outbound
    return Policy(
        AllowList.read(outbound.allow, loopback=outbound.loopback), authorities=outbound.authorities
    )


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    settings: Settings,
    *,
    method: str = "POST",
    most: int = 65536,
) -> Answer | Outcome:
    """The other side's answer, or what became of the delivery when there is none."""
    try:
        return request(method, address, policy=policy(settings), headers=headers, body=body, most=most)
    except BadAddressError as error:
        return Refused(str(error))
    except OutboundError as error:
        # What is not allowed now may be when the name leads home again, or the administrator has looked.
        return Retry(str(error), unreachable=True)


def judged(answer: Answer | Outcome) -> Outcome:
    """What an answer's status means: 2xx is taken, 410 never will be, everything else may be another time."""
    if not isinstance(answer, Answer):
        return answer
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return Sent()
    reason = with_code(mark("对方没有收下"), answer.status)
    if answer.status in _GONE_FOR_GOOD:
        return Refused(reason)
    busy = answer.status in _LATER or answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    return Retry(reason, after=asked_for(answer) if busy else timedelta(), busy=busy)


def asked_for(answer: Answer) -> timedelta:
    """The pause of a Retry-After, in seconds or until a moment; none where it says nonsense or what is past."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004  no more digits
        return timedelta(seconds=min(int(text), LONGEST_WISH))
    try:
        pause = parsedate_to_datetime(text).astimezone(UTC) - clock.now()
    except (ValueError, OverflowError):
        return timedelta()
    return min(max(pause, timedelta()), timedelta(seconds=LONGEST_WISH))


def document(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object; empty when it holds none."""
    try:
        read = json.loads(answer.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
