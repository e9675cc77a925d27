"""Standing in for an approver (P-5): who may, for how long, and what ends it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from portal import auth, clock
from portal.db import db
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import service as accounts
from portal.foundation.accounts.handing import queries as handing
from portal.foundation.accounts.models import Post
from portal.foundation.accounts.service import Appointment, Person
from portal.foundation.accounts.standing import queries, service
from portal.foundation.accounts.standing.rules import LONGEST_DAYS, free_through, held_through
from portal.foundation.notifications.models import Notice
from portal.foundation.organisations import service as organisations
from portal.foundation.places import service as places
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right, Role
from portal.foundation.rights.service import may
from tests.fixtures.people import somebody

DAY = timedelta(days=1)


@pytest.fixture
def world(session):
    """A city with its office; an approver and a deputy there, an administrator, and another city."""
    province = places.add(None, "山东省", PlaceKind.PROVINCE, code="370000", by=None)
    city = places.add(province, "聊城市", PlaceKind.CITY, code="371500", by=None)
    county = places.add(city, "莘县", PlaceKind.COUNTY, code="371522", by=None)
    other = places.add(province, "泰安市", PlaceKind.CITY, code="370900", by=None)
    office = organisations.add(city, "市政府办公室", by=None)
    away = organisations.add(other, "泰安市商务局", by=None)
    people = {
        "chief": somebody(Role.APPROVER, name="张三", place=city, organisation=office),
        "deputy": somebody(Role.DEPARTMENT_OFFICER, name="李四", organisation=office),
        "boss": somebody(Role.ADMINISTRATOR, name="王五"),
        "stranger": somebody(Role.DEPARTMENT_OFFICER, organisation=away),
        "editor": somebody(Role.EDITOR, place=city),
        "editor_below": somebody(Role.EDITOR, place=county, organisation=office),
        "auditor": somebody(Role.AUDITOR),
        "second": somebody(Role.APPROVER, place=city),
        "county": somebody(Role.APPROVER, name="赵六", place=county),
    }
    session.add_all(people.values())
    session.flush()
    return SimpleNamespace(city=city, county_place=county, other=other, office=office, **people)


def named(world, person=None, since=0, days=10, reason="休假", by=None):
    by = by or world.chief
    first = clock.today() + since * DAY
    given = service.Naming(person or world.deputy, first, first + (days - 1) * DAY, reason)
    return service.name(by.posts[0], given, by=by)


def approves(account, place):
    return may(account, Right.APPROVE, place)


def test_who_stands_in_may_what_the_absent_one_may_and_no_more(world):
    assert not approves(world.deputy, world.city)
    named(world)
    assert approves(world.deputy, world.city)
    assert not approves(world.deputy, world.other)
    assert queries.acting_for(world.deputy, Right.APPROVE, world.city) is world.chief
    assert queries.acting_for(world.chief, Right.APPROVE, world.city) is None


def test_it_begins_and_ends_by_itself(world, frozen):
    named(world, since=2, days=3)
    found = []
    for _number in range(7):
        found.append(approves(world.deputy, world.city))
        frozen.shift(DAY)
    assert found == [False, False, True, True, True, False, False]


@pytest.mark.parametrize("who", ["chief", "stranger", "editor", "editor_below", "auditor", "boss", "second"])
def test_who_may_not_stand_in(world, who):
    with pytest.raises(Refused):
        named(world, getattr(world, who))


def test_a_closed_account_and_a_post_that_ends_before_are_refused(world):
    world.deputy.active = False
    with pytest.raises(Refused, match="在用"):
        named(world)
    world.deputy.active = True
    world.deputy.posts[0].until = clock.today() + 3 * DAY
    with pytest.raises(Refused, match="在任"):
        named(world)
    named(world, days=4)


def test_it_lasts_no_longer_than_the_absent_one_s_post(world):
    world.chief.posts[0].until = clock.today() + 3 * DAY
    with pytest.raises(Refused, match="任职"):
        named(world)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"since": -1}, "过去"),
        ({"days": 0}, "早于"),
        ({"days": LONGEST_DAYS + 1}, "最多"),
        ({"reason": " "}, "原因"),
    ],
)
def test_days_and_reason(world, said, sentence):
    with pytest.raises(Refused, match=sentence):
        named(world, **said)


def test_sixty_days_are_not_too_many(world):
    assert named(world, days=LONGEST_DAYS).until == clock.today() + 59 * DAY


def test_it_is_not_passed_on_and_makes_no_circle(world):
    named(world, world.county)
    with pytest.raises(Forbidden):
        service.name(
            world.county.posts[1],
            service.Naming(world.deputy, clock.today(), clock.today(), "出差"),
            by=world.county,
        )
    with pytest.raises(Refused, match="您自己在代"):
        named(world, by=world.county)
    # On other days it is no circle.
    named(world, world.deputy, since=20, by=world.county)
    with pytest.raises(Refused, match="由别人代"):
        named(world, world.county, since=22, days=2)


def test_one_at_a_time(world):
    named(world)
    other = somebody(Role.DEPARTMENT_OFFICER, organisation=world.office)
    db.session.add(other)
    db.session.flush()
    with pytest.raises(Conflict):
        named(world, other, since=9)
    named(world, other, since=10)


def test_nobody_stands_in_for_two_people_on_one_day(world):
    named(world)
    with pytest.raises(Conflict, match="已经在代别人批准"):
        named(world, since=9, by=world.county)
    named(world, since=10, by=world.county)
    assert queries.acting_for(world.deputy, Right.APPROVE, world.county_place) is world.chief


def test_one_person_may_stand_in_for_all_posts_of_another(world):
    below = accounts.appoint(world.chief, Appointment(Role.APPROVER, place=world.county_place), by=world.boss)
    named(world)
    given = service.Naming(world.deputy, clock.today(), clock.today() + DAY, "休假")
    service.name(below, given, by=world.chief)
    assert queries.acting_for(world.deputy, Right.APPROVE, world.county_place) is world.chief


@pytest.mark.parametrize("whose", ["chief", "deputy"])
def test_what_changed_before_the_lock_is_seen(world, whose):
    assert getattr(world, whose).posts[0].until is None
    table = Post.__table__
    past = clock.today() - DAY
    db.session.execute(
        table.update().where(table.c.account_id == getattr(world, whose).id).values(until=past)
    )
    with pytest.raises(Refused):
        named(world)
    assert queries.lasting() == []


def test_coming_back_ends_it_and_the_sessions_at_once(world):
    post = named(world)
    generation = world.deputy.generation
    with pytest.raises(Forbidden):
        service.come_back(post, by=world.deputy)
    service.come_back(post, by=world.chief)
    assert not approves(world.deputy, world.city)
    assert world.deputy.generation == generation + 1
    with pytest.raises(Conflict):
        service.come_back(post, by=world.chief)


def test_taken_back_before_it_began_nobody_is_signed_out(world):
    post = named(world, since=3)
    service.come_back(post, by=world.chief)
    assert post.until < post.since
    assert world.deputy.generation == 0


def test_the_administrator_may_end_it_but_not_make_it_longer(world):
    post = named(world)
    for later in (None, post.until + DAY):
        with pytest.raises(Refused, match="延长"):
            accounts.end_post(post, last_day=later, by=world.boss)
    accounts.end_post(post, last_day=clock.today() - DAY, by=world.boss)
    assert not approves(world.deputy, world.city)


def _chief_loses_the_post(world):
    accounts.end_post(world.chief.posts[0], last_day=clock.today() - DAY, by=world.boss)


def _deputy_loses_the_post(world):
    accounts.end_post(world.deputy.posts[0], last_day=clock.today() - DAY, by=world.boss)


def _suspended(world, who):
    accounts.change_account(world.boss, who, Person(who.login, who.name, active=False))


@pytest.mark.parametrize(
    "happens",
    [
        _chief_loses_the_post,
        _deputy_loses_the_post,
        lambda world: _suspended(world, world.chief),
        lambda world: _suspended(world, world.deputy),
        lambda world: accounts.appoint(world.deputy, Appointment(Role.AUDITOR), by=world.boss),
        lambda world: accounts.appoint(
            world.deputy, Appointment(Role.EDITOR, place=world.city), by=world.boss
        ),
        lambda world: accounts.appoint(
            world.deputy, Appointment(Role.EDITOR, place=world.county_place), by=world.boss
        ),
    ],
)
def test_what_ends_it_besides(world, happens):
    post = named(world)
    happens(world)
    assert post.until == clock.today() - DAY
    assert not approves(world.deputy, world.city)


def test_a_dated_end_of_either_post_cuts_it(world):
    post = named(world)
    accounts.end_post(world.chief.posts[0], last_day=clock.today() + 4 * DAY, by=world.boss)
    assert post.until == clock.today() + 4 * DAY
    assert approves(world.deputy, world.city)


def test_both_are_told_each_time(world):
    post = named(world)
    service.come_back(post, by=world.chief)
    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [each.account_id for each in told] == [world.chief.id, world.deputy.id] * 2
    assert {each.title for each in told[:2]} != {each.title for each in told[2:]}


def test_those_who_may_are_offered(world):
    assert queries.candidates(world.chief.posts[0]) == sorted(
        (world.deputy, world.county), key=lambda each: each.name
    )


def test_the_record_names_both(world):
    named(world)
    assert auth.who(world.deputy).role == "department_officer:市政府办公室、approver:市政府办公室，代张三"


def test_who_stands_in_is_no_successor_of_a_leaver(world):
    guest = somebody(Role.DEPARTMENT_OFFICER, organisation=organisations.add(world.city, "市商务局", by=None))
    db.session.add(guest)
    db.session.flush()
    named(world, guest)
    assert guest not in handing.successors(world.chief, world.boss)


def test_days_without_a_gap():
    day = clock.today()

    def held(since, until):
        return SimpleNamespace(since=day + since * DAY, until=None if until is None else day + until * DAY)

    last = day + 10 * DAY
    assert held_through([], day, last) == day - DAY
    assert held_through([held(1, None)], day, last) == day - DAY
    assert held_through([held(4, None), held(-5, 3)], day, last) == last
    assert held_through([held(-5, 3), held(5, None)], day, last) == day + 3 * DAY
    assert free_through([], day, last) == last
    assert free_through([held(-9, -1), held(11, None)], day, last) == last
    assert free_through([held(3, None), held(6, 7)], day, last) == day + 2 * DAY
    assert free_through([held(-3, None)], day, last) == day - DAY
