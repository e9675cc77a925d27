"""Regulators of both levels are told exactly what they oversee and from when; the office what nobody does (J12)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from jobs.runs import work_off
from portal.db import db
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties import service as duties
from portal.powers.duties.models import DutyRole
from tests.lists.making import City, exception, make_list, publish, row, take_over

DAY = date(2021, 6, 15)


@pytest.fixture
def power_list(city: City):
    made = make_list(city)
    withheld = [exception("undelegated", places=["莘县"])]
    take_over(
        city,
        made,
        [row(1, "企业投资项目备案"), row(2, "典当业特种行业许可"), row(3, "公司登记", exceptions=withheld)],
    )
    return made


@pytest.fixture
def matters(power_list):
    return {each.matter.name: each.matter for each in power_list.delegations}


@pytest.fixture
def commerce(shen):
    return organisations.add(shen, "莘县商务局", OrganisationKind.REGULATOR, by=None)


@pytest.fixture
def office(city: City):
    return organisations.add(city.place, "聊城市人民政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)


def told(body) -> list[tuple[str, str]]:
    """What a body was told of overseeing, oldest first."""
    notices = db.session.scalars(select(Notice).where(Notice.organisation_id == body.id).order_by(Notice.id))
    return [said(each) for each in notices if "监管" in each.title]


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line[:1].isdigit()]


def regulate(city, place, matter, body, role=DutyRole.REGULATOR_PLACE):
    return duties.set_duty(place, matter, role, body, by=city.editor)


def test_each_regulator_is_told_its_own_matters_and_places(city, power_list, matters, shen, commerce):
    other = next(
        each for each in power_list.scope.members if each.name != "莘县" and each.kind.value == "county"
    )
    above = city.departments["市商务局"]
    for name in ("企业投资项目备案", "公司登记"):
        regulate(city, shen, matters[name], commerce)
    for place in (shen, other):
        regulate(city, place, matters["企业投资项目备案"], above, DutyRole.REGULATOR_CITY)
    publish(city, power_list, DAY)
    ((title, own),) = told(commerce)
    assert power_list.title in title
    # 公司登记 stays with the city at this place: there is nothing to oversee.
    assert lines(own) == ["1. 企业投资项目备案：莘县"]
    assert "有1项" in own
    assert "2021年6月15日" in own
    ((_title, theirs),) = told(above)
    assert sorted(lines(theirs)[0].partition("：")[2].split("、")) == sorted(["莘县", other.name])
    assert told(city.departments["市公安局"]) == []


def test_a_receiver_that_begins_later_is_said_with_its_day(city, power_list, matters, shen, commerce):
    bureau = organisations.add(shen, "莘县行政审批服务局", OrganisationKind.APPROVAL_BUREAU, by=None)
    regulate(city, shen, matters["企业投资项目备案"], commerce)
    duties.set_duty(
        shen,
        matters["企业投资项目备案"],
        DutyRole.RECEIVER,
        bureau,
        by=city.editor,
        from_on=date(2021, 7, 1),
    )
    publish(city, power_list, DAY)
    assert lines(told(commerce)[0][1]) == ["1. 企业投资项目备案：莘县（2021-07-01）"]


def test_a_later_revision_tells_of_what_it_changes_alone(city, power_list, matters, shen, commerce):
    for matter in matters.values():
        regulate(city, shen, matter, commerce)
    publish(city, power_list, DAY)
    rows = [
        row(1, "企业投资项目备案"),
        row(2, "典当业特种行业许可", mode="window", mode_label="窗口前移"),
        row(3, "公司登记"),
    ]
    take_over(city, power_list, rows)
    publish(city, power_list)
    first, second = told(commerce)
    assert [line.partition("：")[0] for line in lines(first[1])] == [
        "1. 企业投资项目备案",
        "2. 典当业特种行业许可",
    ]
    assert lines(second[1]) == ["2. 典当业特种行业许可：莘县", "3. 公司登记：莘县"]


def test_the_office_is_told_what_nobody_regulates(city, power_list, matters, shen, commerce, office):
    for place in power_list.scope.members:
        if place is not shen:
            continue
        regulate(city, place, matters["企业投资项目备案"], commerce)
    publish(city, power_list, DAY)
    ((_title, text),) = told(office)
    size = len(power_list.scope.members)
    # One place is regulated for the first; the third is not handed down at one.
    assert lines(text) == [
        f"1. 企业投资项目备案（{size - 1}）",
        f"2. 典当业特种行业许可（{size}）",
        f"3. 公司登记（{size - 1}）",
    ]


def test_a_place_s_statement_tells_those_it_newly_names(city, power_list, matters, shen, commerce):
    publish(city, power_list, DAY)
    regulate(city, shen, matters["公司登记"], commerce)
    make_public(city, shen)
    regulate(city, shen, matters["典当业特种行业许可"], commerce)
    make_public(city, shen)
    first, second = told(commerce)
    assert lines(first[1]) == ["1. 公司登记"]
    assert lines(second[1]) == ["1. 典当业特种行业许可"]
    assert "莘县" in first[0]


def test_it_is_said_in_english_too(city, power_list, matters, shen, commerce):
    regulate(city, shen, matters["企业投资项目备案"], commerce)
    publish(city, power_list, DAY)
    notice = db.session.scalars(select(Notice).where(Notice.title.contains("监管"))).one()
    title, body = said(notice, "en")
    assert "oversee" in title
    assert "15 June 2021" in body
    assert lines(body) == ["1. 企业投资项目备案：莘县"]


def make_public(city, place):
    proposal = publishing.propose(Subject.UPTAKE, place.id, by=city.editor)
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
