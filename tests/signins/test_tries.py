"""Guessing slows down where it comes from; the person goes on from where it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Appointment, Person
from portal.foundation.rights.rules import Role
from portal.foundation.signins.passwords.service import check_password
from portal.foundation.signins.tries import service
from portal.foundation.signins.tries.models import Try
from portal.foundation.signins.tries.rules import FREE_ANYWHERE
from tests.fixtures.passwords import with_password

PASSWORD = "correct horse battery"
AT = clock.now()


@pytest.fixture
def victim(session: Session) -> Account:
    return with_password(Person("victim", "甲"), PASSWORD, Appointment(Role.ADMINISTRATOR))


def guess(address: str, at=AT, password: str = "x") -> Account | None:
    return check_password("victim", password, at, address)


def test_the_pause_doubles_and_ends_with_the_right_password(victim):
    for _ in range(5):
        assert guess("10.0.0.1") is None
    assert guess("10.0.0.1", password=PASSWORD) is None
    later = AT + timedelta(seconds=31)
    assert guess("10.0.0.1", later) is None
    assert guess("10.0.0.1", later + timedelta(seconds=59), PASSWORD) is None
    assert guess("10.0.0.1", later + timedelta(seconds=61), PASSWORD) is victim
    service.succeeded(victim, "10.0.0.1", later)
    assert not service.resting(victim, "10.0.0.1", later)


def test_a_stranger_elsewhere_does_not_keep_the_person_out(victim):
    for _ in range(30):
        guess("203.0.113.5")
    assert guess("203.0.113.5", password=PASSWORD) is None
    assert guess("10.0.0.1", password=PASSWORD) is victim


def test_a_stranger_with_many_machines_is_slowed_but_not_the_person_where_it_is_known(victim):
    service.succeeded(victim, "10.0.0.1", AT - timedelta(days=80))
    for number in range(FREE_ANYWHERE):
        assert guess(f"198.51.100.{number}") is None
    assert guess("203.0.113.1", password=PASSWORD) is None
    assert guess("10.0.0.1", password=PASSWORD) is victim
    # One in a minute is looked at all the same: nobody is shut out from anywhere for good.
    assert guess("203.0.113.1", AT + timedelta(seconds=61), PASSWORD) is victim


def test_mistyping_where_one_is_known_does_not_slow_other_places(victim, session):
    service.succeeded(victim, "10.0.0.1", AT)
    for _ in range(4):
        guess("10.0.0.1")
    rows = session.scalars(select(Try)).all()
    assert [(row.network, row.failures) for row in rows] == [("10.0.0.1", 4)]


def test_what_is_a_day_old_no_longer_counts(victim):
    for _ in range(5):
        guess("10.0.0.1")
    tomorrow = AT + timedelta(days=1, minutes=1)
    assert guess("10.0.0.1", tomorrow) is None
    assert guess("10.0.0.1", tomorrow, PASSWORD) is victim


def test_old_rows_go(victim, session):
    service.succeeded(victim, "203.0.113.4", AT - timedelta(days=100))
    guess("203.0.113.5", AT - timedelta(days=2))
    service.succeeded(victim, "10.0.0.1", AT)
    assert session.scalars(select(Try.network)).all() == ["10.0.0.1"]


def test_a_new_password_lifts_every_pause(victim):
    for number in range(FREE_ANYWHERE):
        guess(f"198.51.100.{number}")
    service.forgive(victim)
    assert guess("203.0.113.1", password=PASSWORD) is victim
