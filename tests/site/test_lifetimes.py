"""Lists, matters and places come and go; what was published stays readable and says what became of it."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

import pytest
import time_machine

from portal import clock
from portal.foundation.organisations import service as organisations
from portal.foundation.places import queries as places
from portal.foundation.places import service
from portal.foundation.places.rules import PlaceKind
from portal.foundation.policies import service as policies
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.matters.models import Matter
from tests.lists.making import City, make_list, publish, row, take_over

pytestmark = pytest.mark.usefixtures("sheets")

LIST = "/lists/liaocheng-2020"


def words(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return (
        re.sub(r"\s+", " ", re.sub(r"<(?!/?mark)[^>]+>", " ", answer.get_data(as_text=True)))
        .replace("<mark>", "")
        .replace("</mark>", "")
    )


def test_a_withdrawn_matter_says_since_when_and_by_which_revision(client, city, power_list, matter):
    gone = matter(3).matter_id
    take_over(city, power_list, [row(1, "企业投资项目备案")])
    publish(city, power_list)
    page = words(client, f"{LIST}/matters/{gone}")
    assert "典当业特种行业许可" in page
    today = clock.today()
    assert f"从{today.year}年{today.month}月{today.day}日起，这件事不在这份清单里了。" in page
    assert "第2版把它退出清单" in page
    assert "第1版里还有它：第 3 项，窗口前移" in page
    assert "请问聊城市公安局" in page
    assert "this matter has no longer been in this list" in words(client, f"{LIST}/matters/{gone}?lang=en")


def test_a_matter_that_never_was_in_the_list_is_not_there(client, session, city, power_list):
    other = make_list(city, "second")
    take_over(city, other, [row(1, "别的清单里的事")])
    publish(city, other, date(2021, 6, 16))
    foreign = session.query(Matter).filter_by(name="别的清单里的事").one()
    words(client, f"{LIST}/matters/{foreign.id}", 404)
    words(client, f"{LIST}/revisions/9", 404)


def test_a_matter_in_two_lists_leads_to_the_other(client, session, city, power_list, matter):
    assert "同一件事也在别的清单里" not in words(client, f"{LIST}/matters/{matter(1).matter_id}")
    key = matter(1).matter_id
    other = make_list(city, "second")
    take_over(city, other, [row(1, "企业投资项目备案")])
    publish(city, other, date(2021, 6, 16))
    answer = client.get(f"{LIST}/matters/{key}").get_data(as_text=True)
    assert "同一件事也在别的清单里" in answer
    assert f"/lists/second/matters/{key}" in answer


def test_a_list_to_come_is_shown_on_its_day_and_not_before(client, city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案")])
    revision = publish(city, made, date(2031, 5, 1))
    assert revision.number == 1
    with time_machine.travel("2031-04-30T23:59:59+08:00", tick=False):
        words(client, LIST, 404)
        assert "没有找到“企业”" in words(client, "/search?q=企业")
        assert "还没有公布清单。" in words(client, "/")
        assert "现在没有清单包括莘县。" in words(client, "/places/371522")
        assert "这一版从2031年5月1日起执行，现在还没有开始。" in words(client, f"{LIST}/revisions/1")
    with time_machine.travel("2031-05-01T00:00:01+08:00", tick=False):
        assert "企业投资项目备案" in words(client, LIST)
        assert "企业投资项目备案" in words(client, "/search?q=企业")
        assert "现在还没有开始" not in words(client, f"{LIST}/revisions/1")


def test_an_ended_place_keeps_what_was_published_under_it(client, session, city, power_list):
    place = city.county("莘县")
    place.ended_on = date(2031, 5, 1)
    session.commit()
    with time_machine.travel("2031-04-30T12:00:00+08:00", tick=False):
        assert "撤销" not in words(client, f"/places/{place.code}")
    with time_machine.travel("2031-05-01T12:00:00+08:00", tick=False):
        page = words(client, f"/places/{place.code}")
        assert "莘县已于2031年5月1日撤销或者并入别处" in page
        assert "企业投资项目备案" in page


def test_two_cities_with_a_body_of_one_name_are_kept_apart(client, session, city, power_list):
    """市公安局 of one city never shows the matters of another's."""
    other = service.add(places.by_code("370000"), "德州市", PlaceKind.CITY, code="371400", by=None)
    county = service.add(other, "乐陵市", PlaceKind.COUNTY, code="371481", by=None)
    service.set_group(other, "all", "各县（市、区）", [county], by=None)
    body = organisations.add(other, "市公安局", by=None)
    policy = policies.add(
        other, number="德政字〔2021〕1号", title="通知", issuer="德州市人民政府", issued_on=None, by=None
    )
    second = City(other, policy, city.editor, city.approver, {"市公安局": body})
    made = make_list(second, "dezhou")
    take_over(second, made, [row(1, "保安服务许可", department="市公安局")])
    publish(second, made, date(2021, 6, 15))
    own = words(client, "/departments/371500/市公安局")
    assert "聊城市公安局" in own
    assert "典当业特种行业许可" in own
    assert "保安服务许可" not in own
    assert "保安服务许可" in words(client, "/departments/371400/市公安局")
    home = client.get("/").get_data(as_text=True)
    assert "/departments/371400/" in home
    assert "/departments/371500/" in home


def test_the_shown_hash_is_the_whole_hash_of_the_download(client, power_list):
    content = client.get(f"{LIST}/revisions/1.json").get_data()
    assert sha256(content).hexdigest() in words(client, f"{LIST}/revisions/1")
    newest = publishing.newest(Subject.LIST, power_list.id)
    assert newest
    assert sha256(content).hexdigest() == newest.hash
