"""Short messages by whatever HTTP gateway the settings describe: method, address, fields, what "taken" looks like."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

from portal.config import Settings
from portal.foundation.notifications.channels.asking import judged, post
from portal.foundation.notifications.channels.contract import (
    Destination,
    Message,
    Outcome,
    Refused,
    Retry,
    Sent,
)
from portal.i18n import mark
from portal.outbound.web import Answer

_WORD = re.compile(r"\{(phone|text|key)\}")

LONGEST = 200
"""Characters: three short messages' worth; the inbox has the rest."""


def send(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """Ask the gateway to send the title to one phone; where it takes a key, a repeat carries the same."""
    sms = settings.sms
    if not sms.address:
        return Refused(mark("没有设置短信网关"), allowed=False)
    words = {"phone": destination.address, "text": text(message), "key": message.mark}
    fields = {name: filled(value, words) for name, value in sms.fields.items()}
    address = filled(sms.address, {name: quote(word, safe="") for name, word in words.items()})
    headers, body = dict(sms.headers), b""
    if sms.form == "json":
        headers["Content-Type"], body = "application/json", json.dumps(fields, ensure_ascii=False).encode()
    elif sms.form == "form":
        headers["Content-Type"], body = "application/x-www-form-urlencoded", urlencode(fields).encode()
    elif fields:
        address += ("&" if "?" in address else "?") + urlencode(fields)
    answer = post(address, body, headers, settings, method=sms.method)
    outcome = judged(answer)
    if isinstance(answer, Answer) and isinstance(outcome, Sent) and sms.accepted:
        taken = sms.accepted in answer.body.decode(errors="replace")
        return outcome if taken else Retry(mark("短信网关没有收下"))
    return outcome


def text(message: Message) -> str:
    """What fits into a short message."""
    whole = " ".join(f"【{message.site}】{message.title}".split())
    return whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"


def filled(template: str, words: dict[str, str]) -> str:
    """The template with {phone}, {text} and {key} filled in; other braces stay.

    A field that is itself a JSON document, as some gateways want it, stays one whatever the words hold.
    """
    try:
        document = json.loads(template)
    except ValueError:
        document = None
    if isinstance(document, dict | list):
        return json.dumps(_within(document, words), ensure_ascii=False)
    return _told(template, words)


def _within(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _within(value, words) for name, value in part.items()}
    if isinstance(part, list):
        return [_within(each, words) for each in part]
    return _told(part, words) if isinstance(part, str) else part


def _told(template: str, words: dict[str, str]) -> str:
    # In one go: what a word holds is filled with nothing.
    return _WORD.sub(lambda found: words[found[1]], template)
