"""An older list is entered with its own dates: as history, and marked so (T-7, P-3)."""

from datetime import date, timedelta

import pytest

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries
from portal.foundation.publishing import service as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.handovers import service as handovers
from portal.powers.handovers.rules import Begin
from tests.lists.making import make_list, publish, put_forward, row, take_over

THEN = date(2021, 6, 15)
MARK = "补录"


@pytest.fixture
def older(city):
    """A list of 2021 that is entered today, with a plan that each of its places owed in 30 days."""
    city.policy.issued_on = THEN
    organisations.add(city.place, "市政府办公室", OrganisationKind.GOVERNMENT_OFFICE, by=None)
    organisations.add(city.county("莘县"), "莘县人民政府", OrganisationKind.GOVERNMENT, by=None)
    made = make_list(city, slug="of-2021")
    take_over(city, made, [row(1, "甲"), row(2, "乙")])
    terms = {"counts_from": Begin.ISSUED, "basis": "二", "by": city.editor}
    handovers.set_terms(made, "承接落实方案", Terms.calendar(30), **terms)
    publish(city, made, day=THEN)
    return made


def page(client, older, number):
    return client.get(f"/lists/{older.slug}/revisions/{number}").text


def test_it_holds_from_its_own_day_on_and_is_marked(older, client):
    assert queries.current(Subject.LIST, older.id, THEN).number == 1
    assert queries.current(Subject.LIST, older.id, THEN - timedelta(days=1)) is None
    assert MARK in page(client, older, 1)
    assert "2021年6月15日" in page(client, older, 1)


def test_what_was_owed_by_it_is_history_and_nobody_is_alarmed(older, session):
    owed = session.query(Deadline).filter(Deadline.list_id == older.id)
    assert owed.count() > 0
    assert owed.filter(LIVE).count() == 0


def test_the_next_revision_is_of_today_and_not_marked(older, city, client):
    take_over(city, older, [row(1, "甲")])
    with pytest.raises(Refused):
        put_forward(city, older, day=THEN + timedelta(days=1))
    publish(city, older)
    assert queries.current(Subject.LIST, older.id, clock.today()).number == 2
    assert queries.current(Subject.LIST, older.id, THEN).number == 1
    assert MARK not in page(client, older, 2)
    assert [each.number for each in queries.revisions(Subject.LIST, older.id)] == [2, 1]
    assert client.get(f"/lists/{older.slug}/compare").status_code == 200


def test_a_list_of_today_is_not_marked(city, power_list, client):
    take_over(city, power_list, [row(1, "甲")])
    publish(city, power_list)
    assert MARK not in page(client, power_list, 1)


def test_one_that_waited_for_its_approval_holds_from_the_day_it_is_public(city, power_list, frozen):
    take_over(city, power_list, [row(1, "甲")])
    proposal = put_forward(city, power_list)
    frozen.shift(timedelta(days=40))
    publishing.approve(proposal.id, by=city.approver)
    db.session.commit()
    work_off()
    assert queries.newest(Subject.LIST, power_list.id).effective_on == clock.today()


def test_none_holds_before_its_document(city, power_list):
    city.policy.issued_on = THEN
    take_over(city, power_list, [row(1, "甲")])
    with pytest.raises(Refused, match="文件印发"):
        put_forward(city, power_list, day=THEN - timedelta(days=1))
    assert put_forward(city, power_list, day=THEN).effective_on == THEN
