"""The second factor, and being asked anew: the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from portal import clock
from portal.config import Settings, SettingsError
from portal.foundation.rights.rules import Role
from portal.foundation.signins.factors.models import RecoveryCode, SecondFactor
from tests.admin.conftest import PASSWORD, enter, person
from tests.admin.test_way_in import settings_of
from wsgi import compose

__all__ = ["settings_of"]


@pytest.fixture
def strict(settings_of):
    settings_of(second_factor=("editor", "approver", "administrator"))


def code_of(session) -> str:
    factor = session.scalars(select(SecondFactor)).one()
    return pyotp.TOTP(factor.secret).at(clock.now())


def set_up(client, session) -> list[str]:
    """Through the pages; gives the recovery codes."""
    assert client.post("/staff/factor/begin").status_code == 302
    page = client.get("/staff/factor/").text
    assert "data:image/svg+xml" in page
    shown = client.post("/staff/factor/", data={"code": code_of(session)})
    assert shown.status_code == 200
    return re.findall(r"<code>([a-z2-7-]{19})</code>", shown.text)


def test_who_must_have_a_second_factor_is_led_to_it(client, session, strict):
    person(Role.EDITOR)
    enter(client, "editor")
    for address in ("/staff/", "/staff/lists/", "/staff/places/new/"):
        assert client.get(address).location == "/staff/factor/"
    assert client.post("/staff/places/new/", data={}).location == "/staff/factor/"
    assert client.get("/staff/own/").status_code == 200
    assert len(set_up(client, session)) == 10
    assert client.get("/staff/").status_code == 200


def test_demo_accounts_and_other_roles_are_not_asked(client, session, strict, weishan):
    person(Role.COUNTY_OFFICER, place=weishan)
    enter(client, "county-officer")
    assert client.get("/staff/").status_code == 200
    person(Role.EDITOR).demo = True
    enter(client, "editor")
    assert client.get("/staff/").status_code == 200


def test_signing_in_takes_password_and_code(app, client, session, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    frozen.shift(timedelta(minutes=2))
    other = app.test_client()
    answer = other.post("/staff/sign-in/?next=/staff/lists/", data={"login": "editor", "password": PASSWORD})
    assert answer.location.startswith("/staff/sign-in/code")
    # With the password alone nothing opens.
    assert other.get("/staff/").status_code == 302
    assert other.get("/staff/own/").status_code == 302
    assert other.post(answer.location, data={"code": "000000"}).status_code == 422
    code = code_of(session)
    done = other.post(answer.location, data={"code": f" {code[:3]} {code[3:]} "})
    assert done.location == "/staff/lists/"
    assert other.get("/staff/").status_code == 200
    # The same code is not taken twice.
    third = app.test_client()
    enter(third, "editor")
    assert third.post("/staff/sign-in/code", data={"code": code}).status_code == 422
    frozen.shift(timedelta(seconds=30))
    assert third.post("/staff/sign-in/code", data={"code": code_of(session)}).status_code == 302


def test_a_half_session_ends_soon(app, client, session, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    other = app.test_client()
    enter(other, "editor")
    frozen.shift(timedelta(minutes=11))
    answer = other.post("/staff/sign-in/code", data={"code": code_of(session)})
    assert answer.location == "/staff/sign-in/"
    assert other.get("/staff/").status_code == 302


def test_wrong_codes_rest_even_when_the_password_is_right_in_between(app, client, session, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    frozen.shift(timedelta(minutes=2))
    other = app.test_client()
    for _ in range(5):
        assert enter(other, "editor") == 302
        assert other.post("/staff/sign-in/code", data={"code": "000000"}).status_code == 422
    assert enter(other, "editor") == 422
    frozen.shift(timedelta(seconds=31))
    assert enter(other, "editor") == 302


def test_a_recovery_code_opens_once(app, client, session, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    codes = set_up(client, session)
    stored = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not any(code.replace("-", "") in stored for code in codes)
    for expected in (302, 422):
        other = app.test_client()
        enter(other, "editor")
        answer = other.post("/staff/sign-in/code", data={"code": codes[0].upper()})
        assert answer.status_code == expected
    assert "恢复码还剩 9 个" in client.get("/staff/own/").text


def test_the_secret_stands_encrypted(client, session):
    person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    secret = session.scalars(select(SecondFactor)).one().secret
    assert secret not in session.execute(text("SELECT secret FROM second_factors")).scalar()


def test_the_administrator_removes_a_lost_factor_but_not_the_own(as_role, client, session, strict):
    editor = person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    person(Role.ADMINISTRATOR).demo = True
    administrator = client.application.test_client()
    enter(administrator, "administrator")
    assert "已经设好" in administrator.get(f"/staff/access/{editor.id}/").text
    assert administrator.post(f"/staff/access/{editor.id}/take-factor").status_code == 302
    assert session.execute(select(SecondFactor.account_id)).all() == []
    assert client.get("/staff/").status_code == 302
    enter(client, "editor")
    assert client.get("/staff/").location == "/staff/factor/"


def test_a_required_factor_is_not_given_up(client, session, strict, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    set_up(client, session)
    assert client.post("/staff/factor/give-up").status_code == 422
    assert session.scalars(select(SecondFactor)).one().confirmed_at is not None
    client.application.config["REMIT"] = replace(client.application.config["REMIT"], second_factor=())
    assert client.post("/staff/factor/give-up").status_code == 302
    assert session.scalars(select(SecondFactor)).all() == []


# Asked anew


def test_a_grave_step_asks_anew_and_loses_nothing(client, session, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(minutes=16))
    asked = client.post("/staff/factor/begin", data={"note": "“甲” & <乙>", "proof_": "x"})
    assert asked.status_code == 200
    assert 'name="note" value="“甲” &amp; &lt;乙&gt;"' in asked.text
    assert session.scalars(select(SecondFactor)).all() == []
    assert client.post("/staff/factor/begin", data={"proof": "wrong"}).status_code == 422
    assert client.post("/staff/factor/begin", data={"proof": ""}).status_code == 422
    assert client.post("/staff/factor/begin", data={"proof": PASSWORD}).status_code == 302
    # Proved once, it holds for a quarter of an hour.
    assert client.post("/staff/factor/begin").status_code == 302


def test_approving_asks_for_a_code_where_there_is_one(client, session, frozen):
    person(Role.APPROVER)
    enter(client, "approver")
    set_up(client, session)
    frozen.shift(timedelta(minutes=16))
    address = "/staff/proposals/1/approve"
    assert "验证码" in client.post(address, data={"note": "同意"}).text
    assert client.post(address, data={"note": "同意", "proof": PASSWORD}).status_code == 422
    # The proof was right: now the page itself says that there is no such proposal.
    assert client.post(address, data={"note": "同意", "proof": code_of(session)}).status_code == 404


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.APPROVER, "/staff/suspensions/new"),
        (Role.APPROVER, "/staff/suspensions/1/lift"),
        (Role.APPROVER, "/staff/circulars/1/publish"),
        (Role.APPROVER, "/staff/revisions/1/close"),
        (Role.EDITOR, "/staff/tasks/1/publish"),
        (Role.EDITOR, "/staff/tasks/1/withdraw"),
    ],
)
def test_what_is_public_at_once_is_asked_anew(client, session, frozen, role, address):
    person(role)
    enter(client, role.value)
    frozen.shift(timedelta(minutes=16))
    assert "您的密码" in client.post(address, data={"reason": "出了事故"}).text


def test_an_unknown_role_in_the_settings_is_refused(tmp_path):
    settings = Settings(
        testing=True, database_url=f"sqlite:///{tmp_path}/x.db", data_dir=tmp_path, second_factor=("boss",)
    )
    with pytest.raises(SettingsError, match="boss"):
        compose(settings)
