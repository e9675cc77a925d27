"""Short messages by whatever HTTP gateway the settings describe: method, address, fields, what "taken" looks like."""

from __future__ import annotations

import json
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
    """The template with {phone}, {text} and {key} filled in; other braces stay, as JSON in a field has them."""
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template
