"""What both bodies owe before a memorandum's term ends, and what the public reads once it is over (Y-3)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.deadlines import remind
from jobs.memoranda import open_renewals
from portal import clock
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service as deadline_service
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import State
from portal.foundation.notifications.models import Notice
from portal.foundation.publishing import service as publishing
from portal.powers.memoranda import renewing, service
from tests.memoranda.test_memoranda import (
    SAID,
    agree,
    bureau,
    city,
    department,
    make_public,
    memorandum,
    officer,
    other,
    shen,
)

__all__ = ["bureau", "city", "department", "memorandum", "officer", "other", "shen"]


@pytest.fixture
def until():
    return clock.today() + timedelta(days=90)


@pytest.fixture
def public(city, memorandum, officer, other, until):
    """`public(day)`: the memorandum made public with that last day; gives its revision."""

    def made(last):
        service.write(memorandum, replace(SAID, valid_until=last), by=officer)
        agree(memorandum, officer, other)
        return make_public(city, memorandum, officer)

    return made


def owed(revision):
    return deadlines.of(renewing.SUBJECT, revision.id)


def states(revision):
    return {each.state for each in owed(revision)}


def test_both_bodies_owe_it_by_the_last_day(public, until):
    made = owed(public(until))
    assert {each.owed_by.name for each in made} == {"莘县行政审批服务局", "莘县商务局"}
    assert {(each.due_on, each.state) for each in made} == {(until, State.OPEN)}


def test_without_a_last_day_nothing_is_owed_and_far_ones_wait(public, session):
    assert owed(public(None)) == []
    far = public(clock.today() + timedelta(days=4000))
    assert owed(far) == []
    assert open_renewals() == 0


def test_they_are_reminded_two_months_before(frozen, public, until, session):
    public(until)
    frozen.shift(timedelta(days=31))
    assert remind() == 2
    told = session.scalars(select(Notice)).all()
    names = {each.organisation.name for each in told if "续签" in f"{each.title}{each.body}{each.values}"}
    assert names == {"莘县行政审批服务局", "莘县商务局"}


def test_a_new_wording_meets_it_and_closing_that_asks_again(city, public, until):
    first = public(until)
    second = public(until + timedelta(days=365))
    assert (states(first), states(second)) == ({State.FULFILLED}, {State.OPEN})
    publishing.ask_closing(second.id, by=city.editor, reason="错了")
    publishing.close(second.id, by=city.approver)
    assert (states(first), states(second)) == ({State.OPEN}, {State.CANCELLED})


def test_closing_one_that_was_replaced_asks_nothing_again(city, public, until):
    first, second = public(until), public(until + timedelta(days=365))
    for each in owed(second):
        deadline_service.fulfil(each, on=clock.today(), by=city.editor)
    publishing.ask_closing(first.id, by=city.editor, reason="错了")
    publishing.close(first.id, by=city.approver)
    assert states(second) == {State.FULFILLED}


def test_its_end_ends_it(public, memorandum, officer, until):
    revision = public(until)
    service.end(memorandum, "事项划回部门", by=officer)
    assert states(revision) == {State.CANCELLED}
    assert open_renewals() == 0


def test_terms_of_before_are_opened_once(public, until, session, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(renewing, "_owe", lambda *_args, **_said: [])
        revision = public(until)
    assert owed(revision) == []
    assert open_renewals() == 2
    assert open_renewals() == 0
    assert session.query(Deadline).filter_by(kind=renewing.RENEWAL.name).count() == 2


def test_one_that_nobody_renewed_is_over_from_that_day(frozen, public, until, client, memorandum):
    public(until)
    assert "不再有效" not in client.get(f"/memoranda/{memorandum.id}").text
    frozen.shift(timedelta(days=90))
    assert "不再有效" not in client.get(f"/memoranda/{memorandum.id}").text
    frozen.shift(timedelta(days=1))
    assert "已经过了，现在不再有效" in client.get(f"/memoranda/{memorandum.id}").text
    assert "有效期已过" in client.get("/memoranda").text
