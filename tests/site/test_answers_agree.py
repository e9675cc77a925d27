"""List, search, department, place and matter page say the same of one matter at one place."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine

from jobs.runs import work_off
from portal.db import db
from portal.foundation.organisations import service as organisations
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.points import service as points
from portal.powers.points.models import PointKind
from portal.powers.uptakes.models import Choice
from tests.lists.making import make_list, publish, row, take_over

LIST = "/lists/liaocheng-2020"


def words(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, address
    return (
        re.sub(r"\s+", " ", re.sub(r"<(?!/?mark)[^>]+>", " ", answer.get_data(as_text=True)))
        .replace("<mark>", "")
        .replace("</mark>", "")
    )


def say(city, place):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor, reason="公布")
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()


@pytest.fixture
def receive(session, city, matter):
    """`receive(place, number, from_on)`: the place publishes its receiver of a matter."""

    def publish_receiver(place, number, from_on=None):
        body = organisations.add(place, f"{place.name}行政审批服务局", by=None)
        subject = session.get(Matter, matter(number).matter_id)
        duties.set_duty(place, subject, DutyRole.RECEIVER, body, by=city.editor, from_on=from_on)
        say(city, place)

    return publish_receiver


def pages(place, name):
    """Everywhere that a matter of 市商务局 is answered for a place."""
    return [
        f"{LIST}?at={place.code}",
        f"/search?q={name}&at={place.code}",
        f"/departments/371500/市商务局?at={place.code}",
    ]


def test_a_receiver_to_come_is_said_everywhere(client, city, power_list, receive):
    place = city.county("茌平区")
    before = "承接单位待公布，先到市里办"
    for address in pages(place, "企业投资"):
        assert before in words(client, address), address
    receive(place, 1, date(2999, 1, 1))
    for address in pages(place, "企业投资"):
        page = words(client, address)
        assert "先到市里办，2999年1月1日起到茌平区办" in page, address
        assert "直接下放（接手后）" in page, address
    assert "2999年1月1日起到茌平区办" in words(client, f"/places/{place.code}")


def test_on_the_day_of_taking_over_all_pages_change(client, city, power_list, matter, receive):
    place = city.county("茌平区")
    receive(place, 1, date(2031, 5, 1))
    with time_machine.travel("2031-04-30T12:00:00+08:00", tick=False):
        assert "先到市里办" in words(client, pages(place, "企业投资")[0])
    with time_machine.travel("2031-05-01T00:00:01+08:00", tick=False):
        for address in pages(place, "企业投资"):
            assert "到茌平区办" in words(client, address), address
            assert "先到市里办，2031" not in words(client, address), address
        address = f"{LIST}/matters/{matter(1).matter_id}?at={place.code}"
        assert "在茌平区就能办完。" in words(client, address)


def test_a_choice_is_seen_on_every_page(client, session, city, power_list):
    """D-2, D-10: where the list leaves the mode open, the place's own choice holds wherever it is asked for."""
    take_over(city, power_list, [row(1, "公司登记", mode="undetermined", mode_label="")])
    publish(city, power_list)
    place = city.county("莘县")
    subject = session.query(Matter).filter_by(name="公司登记").one()
    for address in pages(place, "公司"):
        assert "还没有公布怎么办" in words(client, address), address
    session.add(Choice(place_id=place.id, list_id=power_list.id, matter_id=subject.id, mode=Mode.WINDOW))
    say(city, place)
    for address in [*pages(place, "公司"), f"/places/{place.code}"]:
        page = words(client, address)
        assert "还没有公布怎么办" not in page, address
    assert "窗口前移" in words(client, pages(place, "公司")[1])
    assert "莘县是“窗口前移”；其他 5 个地方是“方式待定”。" in words(client, pages(place, "公司")[1])
    assert "公司登记" in words(client, f"{LIST}?at={place.code}&mode=window")


def test_a_revision_page_shows_what_was_published_then(client, city, power_list, receive):
    place = city.county("茌平区")
    receive(place, 1, date(2999, 1, 1))
    assert "接手后" not in words(client, f"{LIST}/revisions/1?at={place.code}")


def test_the_place_page_says_what_people_do_and_where(client, city, power_list, receive):
    place = city.county("茌平区")
    receive(place, 1)
    hours = "工作日 9:00—12:00，13:30—17:00"
    points.save(
        None,
        place=place,
        kind=PointKind.CENTRE,
        name="茌平区为民服务中心",
        address="中心街道 1 号",
        hours=hours,
        phone="0635-000 0000",
        organisation=None,
        by=city.editor,
    )
    say(city, place)
    page = words(client, f"/places/{place.code}")
    assert "在茌平区就能办完 3 项" in page
    assert "茌平区行政审批服务局" in page
    assert "其中 2 项的承接单位待公布，公布以前请到市里办。" in page
    assert hours in page
    assert "中心街道 1 号" in page
    zone = words(client, f"/places/{city.county('聊城经济技术开发区').code}")
    assert "请到市里办 1 项" in zone
    assert "还没有公布办事地点" in zone


def test_a_list_that_does_not_reach_the_place_says_so(client, session, city, power_list):
    other = make_list(city, "zones-only", scope="zones")
    take_over(city, other, [row(1, "企业投资项目备案")])
    publish(city, other)
    place = city.county("莘县")
    assert "这份清单不包括莘县" in words(client, f"/lists/zones-only?at={place.code}")
    found = words(client, f"/search?q=企业投资&at={place.code}")
    assert (
        found.index("清单 liaocheng-2020")
        < found.index("这些清单不包括莘县")
        < found.index("清单 zones-only")
    )
