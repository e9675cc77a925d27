"""What is sent to the robots of WeCom, DingTalk and Feishu, and what their answers mean."""

import json
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import new
from urllib.parse import parse_qs, urlsplit

import pytest

from portal import clock
from portal.foundation.notifications.channels import robots
from portal.foundation.notifications.channels.contract import Refused, Retry, Sent
from tests.notifications.test_channels import HERE, ITEM, MESSAGE, to


def robot(receiver, name, answer, *secrets, message=MESSAGE):
    receiver.answers["/robot"] = (200, {}, json.dumps(answer).encode())
    return robots.ROBOTS[name](message, to(receiver, "/robot?key=k", *secrets), HERE)


def test_robots_get_their_own_documents(receiver):
    assert robot(receiver, "wecom", {"errcode": 0}) == Sent()
    assert robot(receiver, "dingtalk", {"errcode": 0}) == Sent()
    assert robot(receiver, "feishu", {"code": 0}) == Sent()
    wecom, dingtalk, feishu = (each.document for each in receiver.received)
    assert wecom == dingtalk
    text = wecom["text"]["content"]
    assert (wecom["msgtype"], feishu["msg_type"], feishu["content"]["text"]) == ("text", "text", text)
    assert text.startswith("【职掌】清单已公布\n请看。\n\nhttps://zz.cn/lists/1\n\n")
    # A repeat can be told by the end of its text.
    assert text.endswith(MESSAGE.mark)


def test_robots_that_ask_for_it_get_a_signature(receiver, frozen):
    robot(receiver, "dingtalk", {"errcode": 0}, "SEC1")
    moment = str(int(clock.now().timestamp() * 1000))
    query = parse_qs(urlsplit(receiver.received[0].path).query)
    digest = new(b"SEC1", f"{moment}\nSEC1".encode(), sha256).digest()
    assert query == {"key": ["k"], "timestamp": [moment], "sign": [b64encode(digest).decode()]}
    robot(receiver, "feishu", {"code": 0}, "SEC2")
    moment = str(int(clock.now().timestamp()))
    digest = new(f"{moment}\nSEC2".encode(), b"", sha256).digest()
    document = receiver.received[1].document
    assert (document["timestamp"], document["sign"]) == (moment, b64encode(digest).decode())


@pytest.mark.parametrize(
    ("name", "answer", "outcome"),
    [
        ("wecom", {"errcode": 45009}, Retry("机器人没有收下（45009）", busy=True)),
        ("wecom", {"errcode": 93000}, Refused("机器人没有收下（93000）")),
        ("wecom", {"errcode": 1}, Retry("机器人没有收下（1）")),
        ("dingtalk", {"errcode": 130101}, Retry("机器人没有收下（130101）", busy=True)),
        ("dingtalk", {"errcode": 310000}, Refused("机器人没有收下（310000）")),
        ("feishu", {"code": 11232}, Retry("机器人没有收下（11232）", busy=True)),
        ("feishu", {"code": 19021}, Refused("机器人没有收下（19021）")),
        ("feishu", {}, Retry("机器人没有收下（?）")),
        ("feishu", ["0"], Retry("机器人没有收下（?）")),
        ("feishu", {"code": "<b>"}, Retry("机器人没有收下（?）")),
    ],
)
def test_what_a_robot_means(receiver, name, answer, outcome):
    assert robot(receiver, name, answer) == outcome


def test_a_long_text_is_cut_between_characters(receiver):
    long = replace(MESSAGE, items=(replace(ITEM, body="字" * 3000),))
    robot(receiver, "wecom", {"errcode": 0}, message=long)
    text = receiver.received[0].document["text"]["content"]
    assert 2040 < len(text.encode()) <= 2048
    assert text.endswith(f"字…\n\n{long.mark}")
