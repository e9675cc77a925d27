"""Entrusted bodies (P-8): the page says exactly what the answers say."""

from __future__ import annotations

import re
from datetime import date

import pytest

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.uptakes.models import Choice
from portal.site import editions
from portal.site.around import entrusted
from portal.site.around.entrusted import Register
from portal.site.local import Local
from tests.lists.making import exception, make_list, publish, row, take_over

DAY = date(2021, 6, 15)


@pytest.fixture
def lent(city):
    """Entrusted everywhere; in one county only, by exception; left to the places; and not at all."""
    made = make_list(city, "lent")
    rows = [
        row(1, "户外广告设置审批", mode="entrusted", mode_label="委托下放"),
        row(2, "临时占道审批", department="市公安局"),
        row(3, "公司登记", mode="undetermined", mode_label=""),
        row(4, "典当业许可", department="市公安局"),
    ]
    rows[0]["exceptions"] = [exception("undelegated", groups=["zones"])]
    rows[1]["exceptions"] = [exception("entrusted", places=["莘县"])]
    rows[1]["remark"] = "委托下放至莘县"
    take_over(city, made, rows)
    publish(city, made, DAY)
    return made


def words(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")]))


def say(city, place):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


def names(client, query=""):
    """The matters on the page."""
    page = client.get(f"/entrusted{query}").get_data(as_text=True)
    return re.findall(r"<h3><a [^>]*>([^<]*)", page)


def test_what_is_entrusted_is_listed_with_both_sides_and_the_clause(client, city, lent):
    page = words(client, "/entrusted")
    assert names(client) == ["户外广告设置审批", "临时占道审批"]
    assert "聊城市商务局" in page
    assert "承接单位待公布：东昌府区、茌平区、临清市、莘县" in page
    assert "聊政字〔2020〕8号 附件" in page
    assert "《行政许可法》第二十四条" in page


def test_a_named_body_stands_with_its_day(client, session, city, lent):
    place = city.county("莘县")
    body = organisations.add(place, "莘县行政审批服务局", by=None)
    subject = session.query(Matter).filter_by(name="户外广告设置审批").one()
    duties.set_duty(place, subject, DutyRole.RECEIVER, body, by=city.editor, from_on=date(2021, 7, 1))
    say(city, place)
    page = words(client, "/entrusted?at=371522")
    assert "莘县：莘县行政审批服务局 ，2021年7月1日起" in page
    assert "东昌府区、" not in page


def test_it_is_narrowed_to_a_place_and_to_a_department(client, city, lent):
    assert names(client, "?at=371522") == ["户外广告设置审批", "临时占道审批"]
    assert names(client, "?at=371502") == ["户外广告设置审批"]
    assert names(client, "?department=市公安局") == ["临时占道审批"]
    assert names(client, f"?at={city.county('聊城经济技术开发区').code}") == []
    assert "没有符合这些条件的事项。" in words(client, "/entrusted?department=没有的局")


def test_a_place_that_chooses_it_is_listed(client, session, city, lent):
    subject = session.query(Matter).filter_by(name="公司登记").one()
    county = city.county("莘县")
    town = places.add(county, "燕塔街道", PlaceKind.TOWN, code="371522001", by=None)
    other = places.add(county, "莘州街道", PlaceKind.TOWN, code="371522002", by=None)
    session.add(Choice(place_id=town.id, list_id=lent.id, matter_id=subject.id, mode=Mode.ENTRUSTED))
    say(city, county)
    assert "公司登记" in names(client)
    assert "公司登记" in names(client, "?at=371522001")
    assert "公司登记" in names(client, "?at=371522")
    assert "公司登记" not in names(client, f"?at={other.code}")
    assert "承接单位待公布：燕塔街道" in words(client, "/entrusted")


def test_the_register_is_what_the_answers_say(app, client, session, city, lent):
    subject = session.query(Matter).filter_by(name="公司登记").one()
    for name in ("莘县", "临清市"):
        choice = Mode.ENTRUSTED if name == "莘县" else Mode.DIRECT
        session.add(Choice(place_id=city.county(name).id, list_id=lent.id, matter_id=subject.id, mode=choice))
        say(city, city.county(name))
    with app.test_request_context("/"):
        local = Local(clock.today())
        current = editions.current(clock.today())
        (edition,) = current
        rows = {light.id: light.matter_id for light in Register(current, None, local).rows}
        for place in edition.places:
            register = Register(current, place.code, local)
            expected = {
                each.matter_id
                for each in entrusted.db.session.query(entrusted.PublishedMatter)
                if local.mode(
                    edition,
                    each.matter_id,
                    place,
                    next(answer.mode for answer in each.answers if answer.place_id == place.id),
                )
                is Mode.ENTRUSTED
            }
            assert {light.matter_id for light in register.rows} == expected
            assert expected <= set(rows.values())


def test_long_registers_are_paged(client, city, lent, monkeypatch):
    monkeypatch.setattr(entrusted, "PAGE", 1)
    assert names(client) == ["户外广告设置审批"]
    assert names(client, "?page=2") == ["临时占道审批"]
    for bad in ("3", "0", "二", "9" * 30, "-1"):
        assert client.get("/entrusted", query_string={"page": bad}).status_code == 404


def test_nothing_entrusted_is_said(client, power_list):
    assert "现在的清单里没有“委托下放”的事项。" in words(client, "/entrusted")
