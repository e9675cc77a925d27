"""Keeping accounts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries, service
from portal.foundation.accounts.models import Account
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right, Role

PASSWORD = "correct horse battery"


def person(login: str, role: Role = Role.EDITOR, **more: object) -> service.Person:
    return service.Person(login=login, name="某人", role=role, **more)


@pytest.fixture
def administrator(session: Session) -> Account:
    return service.create_account(None, person("boss", Role.ADMINISTRATOR))


@pytest.fixture
def weishan(session: Session) -> Place:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    county = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY, parent=city)
    town = Place(code="370826001", name="夏镇街道", kind=PlaceKind.TOWN, parent=county)
    session.add_all([city, county, town])
    session.flush()
    return county


def test_only_the_administrator_keeps_accounts(administrator):
    editor = service.create_account(administrator, person("editor"))
    for verb in (
        lambda: service.create_account(editor, person("other")),
        lambda: service.change_account(editor, editor, person("editor", Role.ADMINISTRATOR)),
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
    editor = service.create_account(administrator, person("editor"))
    with pytest.raises(Conflict):
        service.change_account(administrator, editor, person("boss"))


def test_a_county_officer_belongs_to_a_place(administrator, weishan):
    with pytest.raises(Refused, match="哪个地方"):
        service.create_account(administrator, person("officer", Role.COUNTY_OFFICER))


def test_a_county_officer_changes_its_own_place_and_those_below(administrator, weishan, session):
    officer = service.create_account(
        administrator, person("officer", Role.COUNTY_OFFICER, place_id=weishan.id)
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
    assert queries.places_of(administrator) is None


def test_a_closed_account_may_nothing(administrator):
    editor = service.create_account(administrator, person("editor"))
    service.change_account(administrator, editor, person("editor", active=False))
    with pytest.raises(Forbidden):
        service.require(editor, Right.EDIT_LISTS)


def test_the_last_administrator_stays(administrator, session):
    with pytest.raises(Refused, match="不能停用自己"):
        service.change_account(administrator, administrator, person("boss", Role.EDITOR))
    second = service.create_account(administrator, person("second", Role.ADMINISTRATOR))
    service.change_account(second, administrator, person("boss", Role.EDITOR))
    assert queries.other_administrators(second) == 0
    administrator.role = Role.ADMINISTRATOR
    administrator.active = False
    other = service.create_account(None, person("third", Role.ADMINISTRATOR))
    service.change_account(other, second, person("second", Role.ADMINISTRATOR, active=False))
    with pytest.raises(Refused):
        service.change_account(other, other, person("third", Role.EDITOR))
