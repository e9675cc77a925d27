"""Changes by day and their feeds: whoever asks is told what concerns them, in words, and feeds are valid Atom."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.rules import Mode
from portal.site.seeing import change_views
from tests.lists.making import change, make_list, publish
from tests.seeing.reading import every, first, page

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
FEEDS = (
    "/changes.atom",
    "/lists/liaocheng-2020/changes.atom",
    "/places/371503/changes.atom",
    "/departments/371500/市商务局/changes.atom",
)


def told(client, address):
    """{title: [lines]} of what the page tells, in its order."""
    return {
        re.sub(r"\s+", " ", first(item, ".published__name").text_content()): [
            re.sub(r"\s+", "", line.text_content()) for line in every(item, ".published__lines li")
        ]
        for item in every(page(client, address), ".published li")
        if every(item, ".published__name")
    }


def feed(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    tree = etree.fromstring(answer.data)
    SCHEMA.assertValid(tree)
    return tree


def test_everybody_sees_every_publication_newest_first(client, changed, choose):
    choose("莘县", "公司登记", Mode.WINDOW)
    assert list(told(client, "/changes")) == [
        "莘县公布承接单位和办事地点",
        "《清单 liaocheng-2020》第3版",
        "《清单 liaocheng-2020》第2版",
        "《清单 liaocheng-2020》第1版",
    ]


def test_a_place_is_told_what_it_feels(client, city, changed, choose):
    choose("莘县", "公司登记", Mode.WINDOW)
    county = told(client, f"/changes?place={city.county('莘县').code}")
    assert county["莘县公布承接单位和办事地点"] == ["公司登记：公布：窗口前移"]
    assert county["《清单 liaocheng-2020》第2版"] == [
        "企业投资项目备案：莘县：原“直接下放”，现“窗口前移”",
        "食品经营许可：子项：原“没有”，现“小餐饮”",
        "不动产登记：加入清单，办法是“下放实质性审核权”",
        "典当业特种行业许可：退出清单",
    ]
    zone = told(client, f"/changes?place={city.county('聊城经济技术开发区').code}")
    assert (
        "城市建筑垃圾处置核准：备注：原“没有”，现“各开发区委托收件”；聊城经济技术开发区：原“暂不下放”，现“委托收件”"
        in zone["《清单 liaocheng-2020》第2版"]
    )
    assert "莘县公布承接单位和办事地点" not in zone


def test_a_department_is_told_of_its_own_matters(client, changed):
    found = told(client, "/changes?department=371500/市公安局")
    assert [line.split("：")[0] for line in found["《清单 liaocheng-2020》第2版"]] == [
        "城市建筑垃圾处置核准",
        "船舶登记",
        "占用城市绿地审批",
    ]
    assert "第一次公布，3 项" in page(client, "/changes?department=371500/市公安局").text_content()


def test_a_list_is_told_whole(client, changed):
    lines = told(client, "/changes?list=liaocheng-2020")["《清单 liaocheng-2020》第2版"]
    assert "城市建筑垃圾处置核准：" in lines[1]
    assert "聊城经济技术开发区、聊城高新技术产业开发区：原“暂不下放”，现“委托收件”" in lines[1]


@pytest.mark.parametrize(
    "address",
    [
        "/changes?list=nothing",
        "/changes?place=nowhere",
        "/changes?department=371500/没有的局",
        "/changes?department=nonsense",
        "/changes?department=/",
        "/changes?page=2",
        "/changes?page=0",
        "/lists/nothing/changes.atom",
        "/places/nowhere/changes.atom",
        "/departments/371500/没有的局/changes.atom",
    ],
)
def test_who_is_not_known_is_not_found(client, power_list, address):
    assert client.get(address).status_code == 404


def test_days_are_days_in_china_and_pages_follow_each_other(client, session, changed, monkeypatch):
    late = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    for number, revision in enumerate(
        session.query(Revision).filter_by(subject=Subject.LIST).order_by(Revision.number)
    ):
        revision.published_at = late.replace(day=29 + number)
    session.flush()
    days = [day.get("datetime") for day in every(page(client, "/changes"), "section time")]
    assert days == ["2026-04-01", "2026-03-31", "2026-03-30"]
    monkeypatch.setattr(change_views, "PAGE", 2)
    assert len(told(client, "/changes")) == 2
    assert list(told(client, "/changes?page=2")) == ["《清单 liaocheng-2020》第1版"]


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_feeds_are_valid_and_say_what_changed(client, changed, choose, language):
    choose("茌平区", "公司登记", Mode.WINDOW)
    for address in FEEDS:
        tree = feed(client, address + language)
        entries = tree.findall(f"{ATOM}entry")
        assert len(entries) >= 3
        assert tree.find(f"{ATOM}updated").text == max(entry.find(f"{ATOM}updated").text for entry in entries)
        own = next(link.get("href") for link in tree.findall(f"{ATOM}link") if link.get("rel") == "self")
        assert own.endswith(language) or "lang" not in language
        assert client.get(own).data == client.get(address + language).data
        for entry in entries:
            assert client.get(entry.find(f"{ATOM}link").get("href")).status_code == 200


def test_a_place_s_feed_names_matter_and_ways(client, changed):
    tree = feed(client, "/places/371503/changes.atom")
    said = [entry.findtext(f"{ATOM}content") for entry in tree.findall(f"{ATOM}entry")]
    assert any("企业投资项目备案：茌平区：原“直接下放”，现“窗口前移”" in text for text in said)


def test_identifiers_are_tags_that_stay(app, client, city, changed):
    def ids(address, **said):
        answer = client.get(address, **said)
        return [
            entry.findtext(f"{ATOM}id") for entry in etree.fromstring(answer.data).findall(f"{ATOM}entry")
        ]

    before = {address: ids(address) for address in FEEDS}
    for address, found in before.items():
        assert all(re.fullmatch(r"tag:localhost,\d{4}-\d\d-\d\d:[!-~]+", each) for each in found)
        assert len(set(found)) == len(found)
        assert ids(f"{address}?lang=en") == found
    assert len({each for found in before.values() for each in found}) == sum(map(len, before.values()))
    change(city, changed, "新的备注")
    publish(city, changed)
    for address, found in before.items():
        assert ids(address)[-len(found) :] == found


def test_the_public_address_stands_in_the_feed(app, client, power_list, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(
        app.config, "REMIT", replace(app.config["REMIT"], public_url="https://remit.example.gov.cn")
    )
    tree = feed(client, "/changes.atom")
    assert tree.findtext(f"{ATOM}id") == "https://remit.example.gov.cn/changes.atom"
    assert tree.find(f"{ATOM}entry").findtext(f"{ATOM}id").startswith("tag:remit.example.gov.cn,")
    assert b"localhost" not in client.get("/changes.atom").data


def test_pages_tell_programs_of_their_feed(client, changed):
    pages = {
        "/lists/liaocheng-2020": FEEDS[1],
        "/places/371503": FEEDS[2],
        "/departments/371500/市商务局": "/departments/371500/%E5%B8%82%E5%95%86%E5%8A%A1%E5%B1%80/changes.atom",
        "/changes": FEEDS[0],
        "/": FEEDS[0],
    }
    for address, wanted in pages.items():
        links = [each.get("href") for each in every(page(client, address), "head link") if each.get("type")]
        assert wanted in links, address


def test_an_empty_site_has_a_valid_empty_feed(client):
    tree = feed(client, "/changes.atom")
    assert tree.findall(f"{ATOM}entry") == []
    assert "还没有变更" in page(client, "/changes").text_content()
    assert "还没有公布清单" in page(client, "/places").text_content()


def test_a_sign_that_xml_cannot_hold_does_not_break_the_feed(client, session, power_list):
    """What is typed or pasted may hold a vertical tab (Word's line break) or no sign at all."""
    newest = session.query(Revision).one()
    newest.reason = "依据\x0b新文件\uffff<&"
    read = "".join(feed(client, "/changes.atom").itertext())
    assert "依据新文件<&" in read


def test_a_list_that_was_never_published_is_known_to_nobody(client, city, power_list):
    make_list(city, "still-a-draft")
    assert "still-a-draft" not in client.get("/changes").text
    for address in ("/changes?list=still-a-draft", "/lists/still-a-draft/changes.atom"):
        assert client.get(address).status_code == 404, address
