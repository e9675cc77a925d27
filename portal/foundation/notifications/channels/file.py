"""The channel for trying out: a file in the data folder, one JSON document a line. Only with REMIT_DEMO."""

from __future__ import annotations

from portal.config import Settings
from portal.foundation.notifications.channels.contract import Destination, Message, Outcome, Refused, Sent
from portal.foundation.notifications.channels.webhook import document
from portal.i18n import mark

NAME = "notices.jsonl"


def send(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """Add one line."""
    del destination
    if not settings.demo:
        return Refused(mark("这种方式只在演示时有"), allowed=False)
    with (settings.data_dir / NAME).open("ab") as file:
        file.write(document(message) + b"\n")
    return Sent()
