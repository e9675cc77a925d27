"""Robots in group chats: WeCom (企业微信), DingTalk (钉钉), Feishu (飞书). Each takes a small JSON document.

They answer 200 whatever happened; a code in the body says what. They know no key, so that the text ends with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from portal import clock
from portal.config import Settings
from portal.foundation.notifications.channels.asking import asked_for, document, judged, post
from portal.foundation.notifications.channels.contract import (
    Destination,
    Message,
    Outcome,
    Refused,
    Retry,
    Sent,
    with_code,
)
from portal.i18n import mark
from portal.outbound.web import Answer

LONGEST = {"wecom": 2048, "dingtalk": 5000, "feishu": 8000}
"""Bytes of text: what each takes, or less."""

BUSY = {"wecom": {45009, -1}, "dingtalk": {130101, 410100, -1}, "feishu": {9499, 11232, 11233}}
WRONG = {
    "wecom": {93000, 93017, 40058},
    "dingtalk": {300001, 310000, 400102, 40035},
    "feishu": {19001, 19021, 19022, 19024},
}
"""Codes for a robot that is gone, or that does not take what it is sent: for a person to look."""


def wecom(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """A robot of WeCom; its address holds its key."""
    body = {"msgtype": "text", "text": {"content": text(message, LONGEST["wecom"])}}
    return _sent("wecom", destination.address, body, "errcode", settings)


def dingtalk(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """A robot of DingTalk; where it asks for signatures, time and signature stand in the address."""
    address = destination.address
    if destination.secrets:
        moment, secret = str(int(clock.now().timestamp() * 1000)), destination.secrets[0]
        digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
        more = urlencode({"timestamp": moment, "sign": base64.b64encode(digest).decode()})
        address += ("&" if "?" in address else "?") + more
    body = {"msgtype": "text", "text": {"content": text(message, LONGEST["dingtalk"])}}
    return _sent("dingtalk", address, body, "errcode", settings)


def feishu(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """A robot of Feishu; where it asks for signatures, they stand in the document."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text(message, LONGEST["feishu"])}}
    if destination.secrets:
        moment = str(int(clock.now().timestamp()))
        key = f"{moment}\n{destination.secrets[0]}".encode()
        digest = hmac.new(key, b"", hashlib.sha256).digest()
        body |= {"timestamp": moment, "sign": base64.b64encode(digest).decode()}
    return _sent("feishu", destination.address, body, "code", settings)


def text(message: Message, longest: int) -> str:
    """The message as one text of at most so many bytes in UTF-8, its mark at the end."""
    end = f"\n\n{message.mark}"
    room = longest - len(end.encode())
    whole = f"【{message.site}】{message.title}\n{message.text}".encode()
    if len(whole) > room:
        return whole[: room - 3].decode(errors="ignore") + "…" + end
    return whole.decode() + end


def _sent(kind: str, address: str, body: Mapping[str, Any], name: str, settings: Settings) -> Outcome:
    written = json.dumps(body, ensure_ascii=False).encode()
    answer = post(address, written, {"Content-Type": "application/json; charset=utf-8"}, settings)
    outcome = judged(answer)
    if not isinstance(answer, Answer) or not isinstance(outcome, Sent):
        return outcome
    code = document(answer).get(name)
    if code == 0:
        return Sent()
    reason = with_code(mark("机器人没有收下"), code if isinstance(code, int) else "?")
    if code in WRONG[kind]:
        return Refused(reason)
    return Retry(reason, after=asked_for(answer), busy=code in BUSY[kind])


ROBOTS: dict[str, Callable[[Message, Destination, Settings], Outcome]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
}
