from datetime import time, timedelta

import pytest

from portal import clock, crypto
from portal.errors import Forbidden, Refused
from portal.foundation.notifications import packing, sending
from portal.foundation.notifications.rules import (
    Channel,
    NoticeKind,
    Timing,
    after_quiet,
    masked,
    next_digest,
)
from portal.foundation.notifications.ways import service
from portal.foundation.notifications.ways.queries import choice
from portal.foundation.rights.rules import Role
from tests.notifications.beds import account, organisation, settings, tell

HOOK = "https://x.cn/a?k=1"


@pytest.fixture
def unit(app, session):
    with settings(app, demo=True):
        yield organisation()


@pytest.fixture
def me(unit):
    return account(Role.COUNTY_OFFICER, unit)


def test_only_its_own_people_and_the_administrator_choose_for_a_unit(unit, me):
    stranger, closed = account(Role.EDITOR, organisation("微山县教育局")), account(Role.APPROVER, unit)
    closed.active = False
    for other in (stranger, closed):
        assert not service.may_choose(unit, other)
        with pytest.raises(Forbidden):
            service.set_way(unit, Channel.FILE, by=other, address="", active=True)
        with pytest.raises(Forbidden):
            service.set_wishes(unit, {}, by=other)
        with pytest.raises(Forbidden):
            service.change_secret(unit, by=other)
        with pytest.raises(Forbidden):
            service.set_habit(
                unit, by=other, quiet_from=None, quiet_until=None, digest_at=time(8), language="en"
            )
    assert service.set_way(unit, Channel.FILE, by=account(Role.ADMINISTRATOR), address="", active=True)


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        (Channel.WEBHOOK, ""),
        (Channel.WEBHOOK, "x.cn"),
        (Channel.WEBHOOK, "javascript:alert(1)"),
        (Channel.WEBHOOK, "https://u:p@x.cn/"),
        (Channel.WECOM, "http://qyapi.weixin.qq.com/"),
        (Channel.SMS, "+86 138"),
        (Channel.SMS, "一三八"),
        (Channel.EMAIL, "a@"),
        (Channel.EMAIL, "a@b.cn,c@d.cn"),
        (Channel.EMAIL, "a@b.cn\r\nBcc: c@d.cn"),
    ],
)
def test_an_address_that_is_none_is_refused(unit, me, channel, address):
    with pytest.raises(Refused):
        service.set_way(unit, channel, by=me, address=address, active=True)
    assert choice(unit.id).ways == {}


def test_a_number_is_refused_with_its_field_and_its_form(unit, me):
    with pytest.raises(Refused, match="手机号写 5 到 16 位数字") as refused:
        service.set_way(unit, Channel.SMS, by=me, address="138 0000", active=True)
    assert refused.value.code == "address"


def test_a_way_that_is_not_used_may_be_empty(unit, me):
    assert not service.set_way(unit, Channel.WEBHOOK, by=me, address="", active=False).active


def test_a_former_secret_signs_for_two_days(unit, me, frozen):
    first = service.set_way(unit, Channel.WEBHOOK, by=me, address=HOOK, active=True).secret
    second = service.change_secret(unit, by=me).secret
    assert packing._secrets(Channel.WEBHOOK, choice(unit.id)) == (second, first)
    frozen.shift(service.FORMER_FOR - timedelta(seconds=1))
    assert len(packing._secrets(Channel.WEBHOOK, choice(unit.id))) == 2
    frozen.shift(1)
    assert packing._secrets(Channel.WEBHOOK, choice(unit.id)) == (second,)
    with pytest.raises(Refused):
        service.change_secret(organisation("微山县教育局"), by=account(Role.ADMINISTRATOR))


def test_production_without_a_key_says_so_instead_of_failing(app, unit, me, monkeypatch):
    monkeypatch.setitem(app.extensions, "remit_field_keys", None)
    with settings(app, environment="production", field_keys=()):
        with pytest.raises(Refused, match="REMIT_FIELD_KEYS"):
            service.set_way(unit, Channel.WEBHOOK, by=me, address=HOOK, active=True)
        assert not crypto.ready()
        tell(unit)


def test_a_unit_is_told_in_its_language(app, unit, me):
    service.set_way(unit, Channel.FILE, by=me, address="", active=True)
    service.set_habit(unit, by=me, quiet_from=None, quiet_until=None, digest_at=time(8), language="en")
    tell(unit, title="%(place)s公布了承接单位和办事点", values={"place": "微山县", "number": 1})
    _count, (parcel,) = sending.claim()
    assert parcel.message.title == "Weishan has published its receivers and service points"
    with pytest.raises(Refused):
        service.set_habit(unit, by=me, quiet_from=None, quiet_until=None, digest_at=time(8), language="xx")


def test_wishes_are_all_that_is_not_usual(unit, me):
    chosen = {
        (NoticeKind.TASK, Channel.FILE): Timing.DAILY,
        (NoticeKind.GENERAL, Channel.FILE): Timing.AT_ONCE,
    }
    service.set_wishes(unit, chosen, by=me)
    assert dict(choice(unit.id).wishes) == {(NoticeKind.TASK, Channel.FILE): Timing.DAILY}
    assert choice(unit.id).timing(NoticeKind.TRIAL, Channel.FILE) is Timing.AT_ONCE


@pytest.mark.parametrize(
    ("now", "begin", "end", "until"),
    [
        ((3, 0), time(22), time(7), (0, 7)),
        ((21, 59), time(22), time(7), None),
        ((22, 0), time(22), time(7), (1, 7)),
        ((23, 30), time(22), time(7), (1, 7)),
        ((7, 0), time(22), time(7), None),
        ((12, 0), time(12), time(14), (0, 14)),
        ((14, 0), time(12), time(14), None),
        ((12, 0), time(12), time(12), None),
        ((12, 0), None, None, None),
    ],
)
def test_quiet_hours(frozen, now, begin, end, until):
    local = clock.now().astimezone(clock.HOME).replace(hour=now[0], minute=now[1])
    found = after_quiet(local, begin, end)
    assert found == (until and (local + timedelta(days=until[0])).replace(hour=until[1], minute=0))


def test_the_next_digest_is_never_now(frozen):
    local = clock.now().astimezone(clock.HOME)
    assert next_digest(local, time(8)) == local.replace(hour=8) + timedelta(days=1)
    assert next_digest(local, time(9)) == local + timedelta(days=1)
    assert next_digest(local, time(9, 1)) == local.replace(minute=1)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://oapi.dingtalk.com/robot/send?access_token=T", "oapi.dingtalk.com"),
        ("https://u:p@x.cn/", "x.cn"),
        ("https://x.cn?k=T", "x.cn"),
        ("someone@example.cn", "s…e@example.cn"),
        ("13812345678", "138…78"),
        ("", ""),
    ],
)
def test_what_is_shown_of_an_address_is_no_secret(address, shown):
    assert masked(address) == shown
