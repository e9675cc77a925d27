"""Webhooks by the Standard Webhooks specification 1.0: id, time and signature in headers, JSON as body."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from datetime import datetime

from standardwebhooks import Webhook

from portal import clock
from portal.config import Settings
from portal.foundation.notifications.channels.asking import judged, post
from portal.foundation.notifications.channels.contract import Destination, Message, Outcome

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as the specification writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def send(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """Post one message; a repeat has the same `webhook-id`, by which the receiver knows it."""
    body = document(message)
    headers = {
        "Content-Type": "application/json",
        **signed(message.key, body, clock.now(), destination.secrets),
    }
    # The status says all; a body that trickles in must not hold the delivery up.
    return judged(post(destination.address, body, headers, settings, most=0))


def signed(key: str, body: bytes, at: datetime, keys: tuple[str, ...]) -> dict[str, str]:
    """The three headers; with two secrets, while one is being changed for the other, both signatures."""
    name = f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    signatures = [Webhook(secret).sign(name, at, body.decode()) for secret in keys]
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def document(message: Message) -> bytes:
    """The body: `type` and `timestamp` as the specification wants them, and the notices of the message."""
    several = len(message.items) > 1
    notices = [
        {
            "key": each.key,
            "kind": each.kind,
            "title": each.title,
            "body": each.body,
            "link": each.link,
            "created_at": each.created_at.isoformat(),
        }
        for each in message.items
    ]
    data = {
        "key": message.key,
        "unit": message.unit,
        "language": message.language,
        "title": message.title,
        "notices": notices,
    }
    kind = "digest" if several else message.items[0].kind
    whole = {"type": f"notice.{kind}", "timestamp": message.created_at.isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False).encode()
