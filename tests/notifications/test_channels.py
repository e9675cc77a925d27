import json
import ssl
import subprocess
from base64 import b64decode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import new
from urllib.parse import parse_qs, urlsplit

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from portal import clock
from portal.config import Mail, Settings, Sms
from portal.foundation.notifications.channels import asking, email, file, sms, webhook
from portal.foundation.notifications.channels.contract import (
    Destination,
    Item,
    Message,
    Refused,
    Retry,
    Sent,
)
from portal.outbound.sockets import Limits
from tests.fixtures.mail import AnyPort, Mailbox
from tests.notifications.beds import LOOPBACK

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HERE = Settings(environment="test", testing=True, outbound=LOOPBACK)
ITEM = Item("k:o1:webhook", "publication", "清单已公布", "请看。", "https://zz.cn/lists/1", NOW)
MESSAGE = Message("k:o1:webhook", "职掌", "微山县教育局", "清单已公布", (ITEM,), NOW, "请不要回复。")
DIGEST = replace(
    MESSAGE, key="digest:o1", title="共2条", items=(ITEM, replace(ITEM, key="k2", title="又一条"))
)


def to(receiver, path="/", *secrets):
    return Destination(receiver.address(path), secrets)


@pytest.fixture
def hasty(monkeypatch):
    """Nobody is waited for long: for those who do not answer at all."""
    whole = asking.policy
    monkeypatch.setattr(
        asking,
        "policy",
        lambda settings: replace(whole(settings), limits=Limits(connect=1, read=0.5, total=1)),
    )


# Webhooks


def test_a_webhook_is_signed_as_the_specification_says(receiver):
    secret = webhook.new_secret()
    assert webhook.send(MESSAGE, to(receiver, "/in", secret), HERE) == Sent()
    (came,) = receiver.received
    said = Webhook(secret).verify(came.body, came.headers)
    assert said["type"] == "notice.publication"
    assert said["data"]["notices"][0] == {
        "key": "k:o1:webhook",
        "kind": "publication",
        "title": "清单已公布",
        "body": "请看。",
        "link": "https://zz.cn/lists/1",
        "created_at": NOW.isoformat(),
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook.new_secret()).verify(came.body, came.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(came.body + b" ", came.headers)


def test_while_a_secret_is_changed_both_verify(receiver):
    old, new_one = webhook.new_secret(), webhook.new_secret()
    webhook.send(MESSAGE, to(receiver, "/", new_one, old), HERE)
    (came,) = receiver.received
    for secret in (old, new_one):
        assert Webhook(secret).verify(came.body, came.headers)


def test_a_repeat_has_the_same_id_and_another_notice_another(receiver):
    for message in (MESSAGE, MESSAGE, DIGEST):
        webhook.send(message, to(receiver, "/", webhook.new_secret()), HERE)
    first, second, third = receiver.keys()
    assert first == second != third
    assert receiver.received[2].document["type"] == "notice.digest"
    assert [each["title"] for each in receiver.received[2].document["data"]["notices"]] == [
        "清单已公布",
        "又一条",
    ]


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (200, {}, Sent()),
        (204, {}, Sent()),
        (302, {"Location": "/x"}, Retry("对方没有收下（302）")),
        (400, {}, Retry("对方没有收下（400）")),
        (404, {}, Retry("对方没有收下（404）")),
        (410, {}, Refused("对方没有收下（410）")),
        (429, {"Retry-After": "120"}, Retry("对方没有收下（429）", timedelta(seconds=120), busy=True)),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Retry("对方没有收下（429）", busy=True)),
        (429, {"Retry-After": "9" * 50}, Retry("对方没有收下（429）", busy=True)),
        (429, {"Retry-After": "999999999"}, Retry("对方没有收下（429）", timedelta(days=1), busy=True)),
        (500, {}, Retry("对方没有收下（500）")),
        (503, {"Retry-After": "5"}, Retry("对方没有收下（503）", timedelta(seconds=5), busy=True)),
    ],
)
def test_what_an_answer_means(receiver, status, headers, outcome):
    receiver.answers["/"] = (status, headers, b"")
    assert webhook.send(MESSAGE, to(receiver), HERE) == outcome


@pytest.mark.parametrize(
    ("wish", "pause"),
    [
        ("Mon, 02 Mar 2026 01:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 00:55:00 GMT", timedelta()),
        ("Mon, 02 Mar 2036 01:05:00 GMT", timedelta(days=1)),
        ("Mon, 99 Mar 2026 01:05:00 GMT", timedelta()),
        ("-5", timedelta()),
        ("later", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 -2359", timedelta()),
    ],
)
def test_a_receiver_may_name_the_moment(receiver, frozen, wish, pause):
    frozen.move_to(NOW)
    receiver.answers["/"] = (429, {"Retry-After": wish}, b"")
    assert webhook.send(MESSAGE, to(receiver), HERE) == Retry("对方没有收下（429）", pause, busy=True)


def test_a_receiver_that_hangs_or_runs_in_a_ring_is_unreachable(receiver, hasty):
    receiver.answers |= {"/hang": receiver.hang, "/ring": (307, {"Location": "/ring"}, b"")}
    for path in ("/hang", "/ring"):
        outcome = webhook.send(MESSAGE, to(receiver, path), HERE)
        assert isinstance(outcome, Retry)
        assert outcome.unreachable


def test_a_receiver_that_knows_only_the_specification_verifies(receiver, frozen):
    # Standard Webhooks 1.0: HMAC-SHA256 over "id.timestamp.body", keyed by the secret's bytes, in Base64 after "v1,".
    former, present = webhook.new_secret(), webhook.new_secret()
    webhook.send(MESSAGE, to(receiver, "/", present, former), HERE)
    (came,) = receiver.received
    name, moment = came.headers["webhook-id"], came.headers["webhook-timestamp"]
    assert int(moment) == int(clock.now().timestamp())
    signed = f"{name}.{moment}.".encode() + came.body
    assert came.headers["webhook-signature"].split(" ") == [
        "v1," + b64encode(new(b64decode(each.removeprefix("whsec_")), signed, sha256).digest()).decode()
        for each in (present, former)
    ]


def test_where_nothing_is_allowed_nothing_is_sent(receiver):
    outcome = webhook.send(MESSAGE, to(receiver), replace(HERE, outbound=replace(LOOPBACK, allow=())))
    # Tried again, and failed at last for a person to see: a name may have led astray for a while.
    assert outcome == Retry("系统管理员没有允许连接这个地址", unreachable=True)
    assert webhook.send(MESSAGE, Destination("ftp://x"), HERE) == Refused("网址写得不对")
    assert receiver.received == []


# SMS


GATEWAY = Sms(
    fields={"mobile": "{phone}", "content": "{text}", "id": "{key}"}, headers={"X-Key": "s"}, accepted='"ok"'
)


@pytest.mark.parametrize("form", ["json", "form", "query"])
def test_an_sms_gateway_is_asked_as_the_settings_say(receiver, form):
    receiver.answers["/send"] = (200, {}, b'{"code": "ok"}')
    settings = replace(HERE, sms=replace(GATEWAY, address=receiver.address("/send"), form=form))
    assert sms.send(MESSAGE, Destination("13800000000"), settings) == Sent()
    (came,) = receiver.received
    words = {"mobile": "13800000000", "content": "【职掌】清单已公布", "id": MESSAGE.mark}
    said = {
        "json": lambda: came.document,
        "form": lambda: {name: value[0] for name, value in parse_qs(came.body.decode()).items()},
        "query": lambda: {name: value[0] for name, value in parse_qs(urlsplit(came.path).query).items()},
    }
    assert said[form]() == words
    assert came.headers["x-key"] == "s"


def test_a_gateway_that_answers_200_to_everything_is_read(receiver):
    receiver.answers["/send"] = (200, {}, b'{"code": "balance"}')
    settings = replace(HERE, sms=replace(GATEWAY, address=receiver.address("/send")))
    assert sms.send(MESSAGE, Destination("1"), settings) == Retry("短信网关没有收下")
    assert sms.send(MESSAGE, Destination("1"), HERE) == Refused("没有设置短信网关", allowed=False)


@pytest.mark.parametrize("title", ['他说"好"', "a\\", "{phone}{key}"])
def test_a_field_that_is_a_document_stays_one(receiver, title):
    fields = {"mobile": "{phone}", "param": '{"title": "{text}", "n": [1, "{key}"]}', "plain": "{text}"}
    settings = replace(HERE, sms=Sms(address=receiver.address("/send"), fields=fields))
    assert sms.send(replace(MESSAGE, title=title), Destination("138"), settings) == Sent()
    said = receiver.received[0].document
    whole = f"【职掌】{title}"
    assert json.loads(said["param"]) == {"title": whole, "n": [1, MESSAGE.mark]}
    assert said["plain"] == whole


def test_what_is_filled_into_an_address_stays_one_word(receiver):
    address = receiver.address("/send") + "?to={phone}&text={text}"
    settings = replace(HERE, sms=Sms(address=address, form="query", method="GET"))
    assert sms.send(replace(MESSAGE, title="甲&乙=丙\r\nX: y"), Destination("1 2"), settings) == Sent()
    query = parse_qs(urlsplit(receiver.received[0].path).query)
    assert query == {"to": ["1 2"], "text": ["【职掌】甲&乙=丙 X: y"]}


# File


def test_the_file_is_for_demonstrations(tmp_path):
    assert file.send(MESSAGE, Destination("file"), replace(HERE, data_dir=tmp_path)) == Refused(
        "这种方式只在演示时有", allowed=False
    )
    demo = replace(HERE, data_dir=tmp_path, demo=True)
    for message in (MESSAGE, DIGEST):
        assert file.send(message, Destination("file"), demo) == Sent()
    lines = (tmp_path / file.NAME).read_text().splitlines()
    assert [json.loads(line)["data"]["key"] for line in lines] == [MESSAGE.key, DIGEST.key]


# E-mail


def mail(*args):
    with email.mailing() as send:
        return send(*args)


class Counting(Mailbox):
    """Notes how often somebody connected; hangs up after so many messages."""

    def __init__(self, most):
        super().__init__()
        self.most, self.connected, self.here = most, 0, 0

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802  aiosmtpd's name
        session.host_name = hostname
        self.connected, self.here = self.connected + 1, 0
        return responses

    async def handle_NOOP(self, _server, _session, _envelope, _arg):  # noqa: N802  aiosmtpd's name
        return "421 enough" if self.here >= self.most else "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        self.here += 1
        return await super().handle_DATA(server, session, envelope)


def test_a_lane_of_mail_keeps_its_connection_while_the_server_does():
    mailbox = Counting(most=3)
    controller = AnyPort(mailbox, hostname=mailbox.host, port=0)
    controller.start()
    settings = replace(HERE, mail=Mail(host=mailbox.host, port=controller.port))
    try:
        with email.mailing() as send:
            outcomes = [send(MESSAGE, Destination("b@zz.cn"), settings) for _ in range(7)]
            mailbox.refusing = "451 later"
            assert send(MESSAGE, Destination("b@zz.cn"), settings) == Retry(
                "邮件服务器没有收下这封邮件（451）"
            )
            mailbox.refusing = None
            assert send(MESSAGE, Destination("b@zz.cn"), settings) == Sent()
    finally:
        controller.stop()
    assert outcomes == [Sent()] * 7
    assert (mailbox.connected, len(mailbox.messages)) == (3, 8)


# E-mail with TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=localhost"
    words += " -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem"
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)
    return folder


def server_side(folder):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def mailing(controller, folder, **options):
    mail = Mail(host="localhost", port=controller.port, sender="a@zz.cn", **options)
    return replace(HERE, mail=mail, outbound=replace(LOOPBACK, authorities=folder / "cert.pem"))


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_mail_is_encrypted_and_the_server_known_by_its_name(certificate, how):
    mailbox, context = Mailbox(), server_side(certificate)
    controller = (
        AnyPort(mailbox, hostname="localhost", port=0, tls_context=context, require_starttls=True)
        if how == "starttls"
        else AnyPort(mailbox, hostname="localhost", port=0, ssl_context=context)
    )
    controller.start()
    try:
        settings = mailing(controller, certificate, **{how: True})
        assert mail(MESSAGE, Destination("b@zz.cn"), settings) == Sent()
        unknown = replace(settings, outbound=LOOPBACK)
        outcome = mail(MESSAGE, Destination("b@zz.cn"), unknown)
        assert outcome == Retry("没能把邮件交给邮件服务器（SSLCertVerificationError）", unreachable=True)
    finally:
        controller.stop()
    assert len(mailbox.messages) == 1


def test_mail_of_a_digest_has_every_notice(smtp):
    settings = replace(HERE, mail=Mail(host=smtp.host, port=smtp.port))
    assert mail(DIGEST, Destination("b@zz.cn"), settings) == Sent()
    text = smtp.messages[0].get_content()
    assert text.index("1. 清单已公布") < text.index("2. 又一条") < text.index("请不要回复。")


@pytest.mark.parametrize("recipient", ["张三@例子.cn", "a@b.cn,c@d.cn", "x", "a b@c.cn", "g:a@b.cn;", ""])
def test_an_address_that_cannot_be_written_to_is_no_fault_of_the_servers(smtp, recipient):
    settings = replace(HERE, mail=Mail(host=smtp.host, port=smtp.port))
    with email.mailing() as send:
        outcome = send(MESSAGE, Destination(recipient), settings)
        assert isinstance(outcome, Retry)
        # The others of the lane are not kept waiting for its sake.
        assert (outcome.unreachable, outcome.busy) == (False, False)
        assert send(MESSAGE, Destination("b@zz.cn"), settings) == Sent()
    assert [each["To"] for each in smtp.messages] == ["b@zz.cn"]


def test_a_recipient_with_a_line_break_is_not_one(smtp):
    settings = replace(HERE, mail=Mail(host=smtp.host, port=smtp.port))
    outcome = mail(MESSAGE, Destination("b@zz.cn\r\nBcc: c@zz.cn"), settings)
    assert outcome == Retry("没能把邮件交给邮件服务器（ValueError）")
    assert smtp.messages == []
