"""The first duty: what was put forward is made public within twenty working days (P-6, T-7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jobs.runs import work_off
from portal import clock
from portal.foundation.deadlines import queries
from portal.foundation.deadlines.periods import period
from portal.foundation.deadlines.registry import record_of
from portal.foundation.deadlines.rules import Counting, Standing, State, standing
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.foundation.workdays.rules import Year
from portal.foundation.workdays.service import announce
from tests.lists.making import explain, make_city, make_list, row, take_over


@pytest.fixture
def city(session, frozen):
    made = make_city()
    organisations.add(made.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    return made


@pytest.fixture
def power_list(city):
    made = make_list(city)
    take_over(city, made, [row(1, "企业投资项目备案")])
    return made


def put_forward(city, power_list):
    explain(city, power_list)
    return publishing.propose(Subject.LIST, power_list.id, by=city.editor)


@pytest.fixture
def announced(session):
    """The calendar of 2021, as far as June and July need it: no day off but weekends."""
    announce(
        Year(2021, {date(2021, 6, 14): "端午节"}, {}, "《关于2021年部分节假日安排的通知》"), by=None, seen=0
    )


def owed(proposal):
    (deadline,) = queries.of("proposal", proposal.id)
    return deadline


def test_the_period_is_data_with_its_source():
    said = period("publication")
    assert (said.terms.counting, said.terms.amount) == (Counting.WORKING_DAYS, 20)
    assert "第二十六条" in said.basis


def test_it_is_owed_from_the_day_it_was_put_forward_and_met_by_publication(city, power_list, frozen):
    proposal = put_forward(city, power_list)
    deadline = owed(proposal)
    assert (deadline.owed_by.name, deadline.list_id) == ("市政府办公室", power_list.id)
    assert (deadline.begins_on, deadline.due_on) == (clock.today(), date(2026, 3, 30))
    record = record_of("proposal", proposal.id)
    assert (record.title, record.address) == (power_list.title, f"/staff/proposals/{proposal.id}/")
    frozen.shift(timedelta(days=40))
    publishing.approve(proposal.id, by=city.approver)
    work_off()
    deadline = owed(proposal)
    assert (deadline.state, deadline.done_on) == (State.FULFILLED, clock.today())
    late = standing(deadline.state, deadline.due_on, clock.today(), done_on=deadline.done_on)
    assert late is Standing.DONE_LATE


@pytest.mark.parametrize("taken_back", [True, False])
def test_what_is_taken_back_or_sent_back_is_owed_no_more(city, power_list, taken_back):
    proposal = put_forward(city, power_list)
    if taken_back:
        publishing.withdraw(proposal.id, by=city.editor)
    else:
        publishing.send_back(proposal.id, by=city.approver, note="改一处")
    assert owed(proposal).state is State.CANCELLED
    assert owed(put_forward(city, power_list)).state is State.OPEN


def test_a_list_of_a_document_of_long_ago_is_history(city, power_list):
    city.policy.issued_on = date(2021, 6, 15)
    proposal = put_forward(city, power_list)
    deadline = owed(proposal)
    assert (deadline.begins_on, deadline.history) == (date(2021, 6, 15), True)
    publishing.approve(proposal.id, by=city.approver)
    work_off()
    # The second revision changes what is public: that duty is of today.
    take_over(city, power_list, [row(1, "企业投资项目备案"), row(2, "城镇污水排入排水管网许可")])
    second = owed(put_forward(city, power_list))
    assert (second.begins_on, second.history) == (clock.today(), False)


def test_everybody_sees_how_the_day_of_a_published_revision_was_counted(city, power_list, announced, client):
    city.policy.issued_on = date(2021, 6, 15)
    proposal = put_forward(city, power_list)
    deadline = owed(proposal)
    # What is only put forward is nobody's business yet (P-1).
    assert client.get(f"/deadlines/{deadline.id}").status_code == 404
    publishing.approve(proposal.id, by=city.approver)
    work_off()
    page = client.get(f"/deadlines/{deadline.id}")
    assert "2021年7月13日（星期二）" in page.text
    assert "第 20 个工作日" in page.text
    assert "《中华人民共和国政府信息公开条例》第二十六条" in page.text
    assert "Working day 20" in client.get(f"/deadlines/{deadline.id}?lang=en").text
    revision = client.get(f"/lists/{power_list.slug}/revisions/1").text
    assert f'href="/deadlines/{deadline.id}"' in revision
    assert client.get("/deadlines/2147483647").status_code == 404
    assert client.get("/deadlines/99999999999").status_code == 404
