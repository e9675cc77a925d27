"""Keeping accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries, service
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Appointment
from portal.foundation.organisations import service as organisations
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right, Role

ADMINISTRATOR, AUDITOR = Appointment(Role.ADMINISTRATOR), Appointment(Role.AUDITOR)
YESTERDAY = timedelta(days=-1)


def person(login: str, **more: object) -> service.Person:
    return service.Person(login=login, name="某人", **more)


@pytest.fixture
def administrator(session: Session) -> Account:
    return service.create_account(None, person("boss"), ADMINISTRATOR)


@pytest.fixture
def weishan(session: Session) -> Place:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    county = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY, parent=city)
    town = Place(code="370826001", name="夏镇街道", kind=PlaceKind.TOWN, parent=county)
    session.add_all([city, county, town])
    session.flush()
    return county


def test_only_the_administrator_keeps_accounts(administrator):
    auditor = service.create_account(administrator, person("auditor"), AUDITOR)
    for verb in (
        lambda: service.create_account(auditor, person("other")),
        lambda: service.change_account(auditor, auditor, person("auditor", email="a@b.cn")),
        lambda: service.appoint(auditor, ADMINISTRATOR, by=auditor),
        lambda: service.end_post(administrator.posts[0], last_day=clock.today(), by=auditor),
    ):
        with pytest.raises(Forbidden):
            verb()


@pytest.mark.parametrize("login", ["", "a", "Zhang", "张三", "a b", "-a", "a" * 65, "a/b", "a\n"])
def test_odd_logins_are_refused(administrator, login):
    with pytest.raises(Refused, match="登录名"):
        service.create_account(administrator, person(login))


def test_a_login_is_one_persons(administrator):
    with pytest.raises(Conflict):
        service.create_account(administrator, person("boss"))
    other = service.create_account(administrator, person("other"))
    with pytest.raises(Conflict):
        service.change_account(administrator, other, person("boss"))


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.COUNTY_OFFICER, "哪个地方"),
        (Role.EDITOR, "哪个地方"),
        (Role.APPROVER, "哪个地方"),
        (Role.DEPARTMENT_OFFICER, "哪个单位"),
        (Role.REGULATOR, "哪个单位"),
    ],
)
def test_a_post_says_what_its_role_needs(administrator, role, said):
    with pytest.raises(Refused, match=said):
        service.create_account(administrator, person("officer"), Appointment(role))


def test_a_county_officer_changes_its_own_place_and_those_below(administrator, weishan, session):
    officer = service.create_account(
        administrator, person("officer"), Appointment(Role.COUNTY_OFFICER, place=weishan)
    )
    town = session.scalar(select(Place).where(Place.code == "370826001"))
    service.require(officer, Right.EDIT_PLACE, weishan.id)
    service.require(officer, Right.EDIT_PLACE, town.id)
    for elsewhere in (weishan.parent_id, 10**6):
        with pytest.raises(Forbidden, match="别的地方"):
            service.require(officer, Right.EDIT_PLACE, elsewhere)
    with pytest.raises(Forbidden, match="权限"):
        service.require(officer, Right.EDIT_LISTS, weishan.id)
    zone_town = Place(code="370826z1t1", name="某街道", kind=PlaceKind.TOWN)
    zone_town.parent = Place(code="370826z1", name="经济开发区", kind=PlaceKind.ZONE, parent=weishan)
    session.add(zone_town)
    session.flush()
    service.require(officer, Right.EDIT_PLACE, zone_town.id)
    assert queries.places_of(officer) == {weishan.id, town.id, zone_town.parent_id, zone_town.id}
    assert queries.places_of(administrator) == frozenset()
    assert queries.places_of(service.create_account(None, person("auditor"), AUDITOR)) is None


def test_several_posts_add_up(administrator, weishan, session):
    elsewhere = Place(code="371500", name="聊城市", kind=PlaceKind.CITY)
    session.add(elsewhere)
    bureau = organisations.add(weishan, "县行政审批服务局", by=None)
    both = service.create_account(
        administrator, person("both"), Appointment(Role.COUNTY_OFFICER, bureau, weishan)
    )
    with pytest.raises(Forbidden):
        service.require(both, Right.EDIT_LISTS, elsewhere.id)
    service.appoint(both, Appointment(Role.EDITOR, place=elsewhere), by=administrator)
    service.require(both, Right.EDIT_LISTS, elsewhere.id)
    # What one post carries does not reach where only another does.
    with pytest.raises(Forbidden, match="别的地方"):
        service.require(both, Right.EDIT_LISTS, weishan.id)
    assert queries.places_of(both) == {elsewhere.id, *queries.places_of(both, Right.FILE_REVIEWS)} | set(
        session.scalars(select(Place.id).where(Place.code.startswith("370826")))
    )
    assert both.unit is bureau
    with pytest.raises(Conflict):
        service.appoint(both, Appointment(Role.EDITOR, place=elsewhere), by=administrator)


def test_a_post_carries_something_from_its_first_day_to_its_last(administrator, weishan):
    today = clock.today()
    officer = service.create_account(administrator, person("officer"))
    given = Appointment(Role.COUNTY_OFFICER, place=weishan, since=today + timedelta(days=1))
    coming = service.appoint(officer, given, by=administrator)
    assert officer.held == []
    coming.since = today
    assert officer.held == [coming]
    service.end_post(coming, last_day=today, by=administrator)
    assert officer.held == [coming]
    service.end_post(coming, last_day=None, by=administrator)
    before = officer.generation
    service.end_post(coming, last_day=today + YESTERDAY, by=administrator)
    assert officer.held == []
    assert officer.generation == before + 1
    with pytest.raises(Conflict):
        service.end_post(coming, last_day=None, by=administrator)
    assert officer.lost_since(today) is False


@pytest.mark.parametrize(
    ("since", "until"), [(-1, None), (2, 1), (-400, -300)], ids=["past", "turned", "long ago"]
)
def test_days_that_make_no_sense(administrator, weishan, since, until):
    today = clock.today()
    given = Appointment(
        Role.COUNTY_OFFICER,
        place=weishan,
        since=today + timedelta(days=since),
        until=None if until is None else today + timedelta(days=until),
    )
    with pytest.raises(Refused):
        service.create_account(administrator, person("officer"), given)


def test_nobody_is_made_to_have_had_no_right_when_it_was_used(administrator, weishan):
    officer = service.create_account(
        administrator, person("officer"), Appointment(Role.COUNTY_OFFICER, place=weishan)
    )
    with pytest.raises(Refused, match="昨天"):
        service.end_post(officer.posts[0], last_day=clock.today() + 2 * YESTERDAY, by=administrator)


def test_a_suspended_account_may_nothing_and_keeps_its_posts(administrator):
    auditor = service.create_account(administrator, person("auditor"), AUDITOR)
    before = auditor.generation
    service.change_account(administrator, auditor, person("auditor", active=False))
    assert auditor.generation == before + 1
    with pytest.raises(Forbidden):
        service.require(auditor, Right.READ_ALL)
    service.change_account(administrator, auditor, person("auditor"))
    service.require(auditor, Right.READ_ALL)


def test_the_last_administrator_stays(administrator):
    own = administrator.posts[0]
    for verb in (
        lambda: service.change_account(administrator, administrator, person("boss", active=False)),
        lambda: service.end_post(own, last_day=clock.today(), by=administrator),
    ):
        with pytest.raises(Refused, match="不能停用自己"):
            verb()
    second = service.create_account(administrator, person("second"), ADMINISTRATOR)
    third = service.create_account(
        None, person("third"), Appointment(Role.ADMINISTRATOR, until=clock.today())
    )
    service.end_post(own, last_day=clock.today(), by=second)
    # The others end today: an administrator whose end is known keeps nothing going.
    for by in (third, administrator):
        with pytest.raises(Refused, match="最后一位"):
            service.change_account(by, second, person("second", active=False))
