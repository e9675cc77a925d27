"""Keeping accounts, checking passwords, sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.accounts import queries, service
from portal.foundation.accounts.models import Account, SignIn
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Right, Role
from tests.fixtures.passwords import REAL

PASSWORD = "correct horse battery"


def person(login: str, role: Role = Role.EDITOR, **more: object) -> service.Person:
    return service.Person(login=login, name="某人", role=role, **more)


@pytest.fixture
def administrator(session: Session) -> Account:
    return service.create_account(None, person("boss", Role.ADMINISTRATOR), PASSWORD)


@pytest.fixture
def weishan(session: Session) -> Place:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    county = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY, parent=city)
    town = Place(code="370826001", name="夏镇街道", kind=PlaceKind.TOWN, parent=county)
    session.add_all([city, county, town])
    session.flush()
    return county


def test_only_the_administrator_keeps_accounts(administrator):
    editor = service.create_account(administrator, person("editor"), PASSWORD)
    for verb in (
        lambda: service.create_account(editor, person("other"), PASSWORD),
        lambda: service.change_account(editor, editor, person("editor", Role.ADMINISTRATOR)),
        lambda: service.set_password(editor, administrator, "a quite different one"),
    ):
        with pytest.raises(Forbidden):
            verb()


@pytest.mark.parametrize("login", ["", "a", "Zhang", "张三", "a b", "-a", "a" * 65, "a/b", "a\n"])
def test_odd_logins_are_refused(administrator, login):
    with pytest.raises(Refused, match="登录名"):
        service.create_account(administrator, person(login), PASSWORD)


def test_a_login_is_one_persons(administrator):
    with pytest.raises(Conflict):
        service.create_account(administrator, person("boss"), PASSWORD)
    editor = service.create_account(administrator, person("editor"), PASSWORD)
    with pytest.raises(Conflict):
        service.change_account(administrator, editor, person("boss"))


def test_a_county_officer_belongs_to_a_place(administrator, weishan):
    with pytest.raises(Refused, match="哪个地方"):
        service.create_account(administrator, person("officer", Role.COUNTY_OFFICER), PASSWORD)


def test_a_county_officer_changes_its_own_place_and_those_below(administrator, weishan, session):
    officer = service.create_account(
        administrator, person("officer", Role.COUNTY_OFFICER, place_id=weishan.id), PASSWORD
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
    editor = service.create_account(administrator, person("editor"), PASSWORD)
    service.change_account(administrator, editor, person("editor", active=False))
    with pytest.raises(Forbidden):
        service.require(editor, Right.EDIT_LISTS)


def test_the_last_administrator_stays(administrator, session):
    with pytest.raises(Refused, match="不能停用自己"):
        service.change_account(administrator, administrator, person("boss", Role.EDITOR))
    second = service.create_account(administrator, person("second", Role.ADMINISTRATOR), PASSWORD)
    service.change_account(second, administrator, person("boss", Role.EDITOR))
    assert queries.other_administrators(second) == 0
    administrator.role = Role.ADMINISTRATOR
    administrator.active = False
    other = service.create_account(None, person("third", Role.ADMINISTRATOR), PASSWORD)
    service.change_account(other, second, person("second", Role.ADMINISTRATOR, active=False))
    with pytest.raises(Refused):
        service.change_account(other, other, person("third", Role.EDITOR))


def test_right_and_wrong_passwords(administrator):
    at = clock.now()
    assert service.check_password("boss", PASSWORD, at) is administrator
    assert service.check_password("  BOSS ", PASSWORD, at) is administrator
    assert service.check_password("boss", PASSWORD + " ", at) is None
    assert service.check_password("boss", PASSWORD * 1000, at) is None
    assert service.check_password("nobody", PASSWORD, at) is None


def test_failures_are_counted_and_forgotten_after_success(administrator):
    at = clock.now()
    for _ in range(4):
        assert service.check_password("boss", "x", at) is None
    assert administrator.locked_until is None
    service.check_password("boss", "x", at)
    assert administrator.locked_until == at + timedelta(seconds=30)
    # While it rests, not even the right password is told from a wrong one, and nothing more is counted.
    assert service.check_password("boss", PASSWORD, at) is None
    assert administrator.failures == 5
    later = at + timedelta(seconds=31)
    service.check_password("boss", "x", later)
    assert administrator.locked_until == later + timedelta(seconds=60)
    assert service.check_password("boss", PASSWORD, later + timedelta(seconds=61)) is administrator
    assert (administrator.failures, administrator.locked_until) == (0, None)


def test_hashing_is_as_hard_as_the_standard_asks():
    # RFC 9106, the second recommended choice.
    assert REAL.memory_cost >= 64 * 1024
    assert REAL.time_cost >= 3
    assert REAL.type.name == "ID"


def test_an_unknown_login_costs_as_much_work(administrator, monkeypatch):
    worked: list[str] = []
    real = service._matches
    monkeypatch.setattr(
        service, "_matches", lambda stored, given: worked.append(stored) or real(stored, given)
    )
    for login in ("boss", "nobody"):
        service.check_password(login, "x", clock.now())
    assert len(worked) == 2
    assert worked[0].rsplit("$", 2)[0] == worked[1].rsplit("$", 2)[0]


def test_a_new_password_or_a_new_role_ends_sessions(administrator, session):
    editor = service.create_account(administrator, person("editor"), PASSWORD)
    at = clock.now()

    def signed_in() -> bool:
        return queries.session_of(token, at) is not None

    token = service.open_session(editor, at)
    assert signed_in()
    service.change_account(administrator, editor, person("editor", email="a@example.cn"))
    assert signed_in()
    service.change_account(administrator, editor, person("editor", Role.APPROVER))
    assert not signed_in()
    token = service.open_session(editor, at)
    service.set_password(administrator, editor, "a quite different one")
    assert not signed_in()
    assert service.check_password("editor", "a quite different one", at) is editor


def test_ended_sessions_are_cleared_away(administrator, session):
    at = clock.now()
    service.open_session(administrator, at - timedelta(days=1))
    token = service.open_session(administrator, at)
    assert len(session.scalars(select(SignIn)).all()) == 1
    service.close_session(token)
    assert queries.session_of(token, at) is None
    assert queries.session_of("", at) is None


def test_the_first_administrator_comes_by_the_command_line(app, session):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["accounts", "add", "first", "第一位"])
    assert made.exit_code == 0
    login, password = made.output.strip().split("\t")
    assert service.check_password(login, password, clock.now()).role is Role.ADMINISTRATOR
    again = runner.invoke(args=["accounts", "add", "first", "第一位"])
    assert again.exit_code == 1
    assert "已经有人用了" in again.output
