"""Checking passwords, and sessions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.errors import Forbidden
from portal.foundation.accounts import service as accounts
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Role
from portal.foundation.signins.passwords import service
from portal.foundation.signins.sessions import queries
from portal.foundation.signins.sessions import service as sessions
from portal.foundation.signins.sessions.models import SignIn
from tests.fixtures.passwords import REAL, with_password

PASSWORD = "correct horse battery"


def person(login: str, **more: object) -> accounts.Person:
    return accounts.Person(login=login, name="某人", **more)


AUDITOR = accounts.Appointment(Role.AUDITOR)


@pytest.fixture
def administrator(session: Session) -> Account:
    return with_password(person("boss"), PASSWORD, accounts.Appointment(Role.ADMINISTRATOR))


def test_only_the_administrator_gives_passwords(administrator):
    editor = with_password(person("editor"), PASSWORD, AUDITOR)
    with pytest.raises(Forbidden):
        service.set_password(editor, administrator, "a quite different one")


def test_an_account_without_a_password_takes_none(administrator):
    account = accounts.create_account(administrator, person("editor"))
    for password in ("", " ", "x"):
        assert service.check_password(account.login, password, clock.now()) is None


def test_an_account_without_a_post_does_not_get_in(session):
    account = with_password(person("nobody"), PASSWORD)
    assert service.check_password(account.login, PASSWORD, clock.now()) is None


def test_right_and_wrong_passwords(administrator):
    at = clock.now()
    assert service.check_password("boss", PASSWORD, at) is administrator
    assert service.check_password("  BOSS ", PASSWORD, at) is administrator
    assert service.check_password("boss", PASSWORD + " ", at) is None
    assert service.check_password("boss", PASSWORD * 1000, at) is None
    assert service.check_password("nobody", PASSWORD, at) is None


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
    editor = with_password(person("editor"), PASSWORD, AUDITOR)
    at = clock.now()

    def signed_in() -> bool:
        return queries.session_of(token, at) is not None

    token = sessions.open_session(editor, at)
    assert signed_in()
    accounts.change_account(administrator, editor, person("editor", email="a@example.cn"))
    assert signed_in()
    other = accounts.appoint(editor, accounts.Appointment(Role.ADMINISTRATOR), by=administrator)
    assert signed_in()
    accounts.end_post(other, last_day=clock.today() - timedelta(days=1), by=administrator)
    assert not signed_in()
    token = sessions.open_session(editor, at)
    service.set_password(administrator, editor, "a quite different one")
    assert not signed_in()
    assert service.check_password("editor", "a quite different one", at) is editor


def test_ended_sessions_are_cleared_away(administrator, session):
    at = clock.now()
    sessions.open_session(administrator, at - timedelta(days=1))
    token = sessions.open_session(administrator, at)
    assert len(session.scalars(select(SignIn)).all()) == 1
    sessions.close_session(token)
    assert queries.session_of(token, at) is None
    assert queries.session_of("", at) is None


def test_the_first_administrator_comes_by_the_command_line(app, session):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["accounts", "add", "first", "第一位"])
    assert made.exit_code == 0
    login, password = made.output.strip().split("\t")
    assert service.check_password(login, password, clock.now()).roles == {Role.ADMINISTRATOR}
    again = runner.invoke(args=["accounts", "add", "first", "第一位"])
    assert again.exit_code == 1
    assert "已经有人用了" in again.output
