"""Whoever stands in for an approver goes along when the place or the body goes into another, and ends with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.db import db
from portal.foundation.accounts.standing import service as standing
from portal.foundation.organisations import service as organisations
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations import service
from portal.foundation.rights.rules import Right, Role
from portal.foundation.rights.service import may
from tests.lists.making import account


@pytest.fixture
def turn(world):
    """The post of a person of the county's police who stands in for the county's approver."""
    chief, deputy = account(Role.APPROVER, world.xin), account(Role.DEPARTMENT_OFFICER)
    chief.posts[0].organisation, deputy.posts[0].organisation = world.bureau, world.police
    db.session.flush()
    days = (clock.today(), clock.today() + timedelta(days=20))
    made = standing.name(chief.posts[0], standing.Naming(deputy, *days, "休假"), by=chief)
    made.since -= timedelta(days=5)
    db.session.flush()
    return made


def test_it_goes_into_the_successor_with_the_post(world, turn):
    chief, deputy, until = turn.standing_in_for, turn.account, turn.until
    service.end(world.xin, [world.guan], world.decided(), by=world.editor)
    moved = next(post for post in deputy.held if post.standing_in_for is chief)
    assert (moved.place, moved.organisation, moved.until) == (world.guan, world.namesake, until)
    assert moved.reason == "休假"
    assert may(deputy, Right.APPROVE, world.guan)
    standing.fitted(chief)
    assert moved.until == until


def test_it_ends_with_the_body_of_whoever_stands_in(world, turn):
    service.end(world.police, [], world.decided(), by=world.editor)
    assert not may(turn.account, Right.APPROVE, world.xin)
    assert turn.until < clock.today()


def test_it_ends_when_whoever_stands_in_goes_to_another_city(world, turn):
    away = places.add(world.city.place.parent, "泰安市", PlaceKind.CITY, by=None)
    office = organisations.add(away, "泰安市公安局", by=None)
    service.end(world.police, [office], world.decided(), by=account(Role.ADMINISTRATOR))
    assert turn.until < clock.today()
    assert not may(turn.account, Right.APPROVE, world.xin)
