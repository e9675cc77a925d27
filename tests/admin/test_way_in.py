"""My account, links by e-mail, the second factor, being asked anew: the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from jobs.signins import send_links
from portal import clock
from portal.config import Mail, Settings, SettingsError
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Person, create_account
from portal.foundation.rights.rules import Role
from portal.foundation.signins.factors.models import RecoveryCode, SecondFactor
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.sessions.models import SignIn
from portal.i18n import DEFAULT
from tests.admin.conftest import PASSWORD, enter, person
from tests.admin.test_door import cookie
from wsgi import compose

NEW = "four unrelated little words"
EDGE = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0"}


@pytest.fixture
def settings_of(app):
    """`settings_of(second_factor=…)` changes settings for the test."""
    before = app.config["REMIT"]

    def change(**more):
        app.config["REMIT"] = replace(app.config["REMIT"], **more)

    yield change
    app.config["REMIT"] = before


@pytest.fixture
def posting(settings_of, smtp):
    settings_of(
        mail=Mail(host=smtp.host, port=smtp.port), public_url="https://remit.example", second_factor=()
    )
    return smtp


@pytest.fixture
def strict(settings_of):
    settings_of(second_factor=("editor", "approver", "administrator"))


def link_in(message) -> str:
    return re.search(r"https://remit\.example(/staff/sign-in/link/\S+)", message.get_content())[1]


def code_of(session) -> str:
    factor = session.scalars(select(SecondFactor)).one()
    return pyotp.TOTP(factor.secret).at(clock.now())


# Sessions


def test_my_sessions_are_listed_and_ended(app, client, session):
    person(Role.EDITOR)
    enter(client, "editor")
    other = app.test_client()
    other.post("/staff/sign-in/", data={"login": "editor", "password": PASSWORD}, headers=EDGE)
    page = client.get("/staff/own/").text
    assert "Edge，Windows" in page
    assert page.count("就是这里") == 1
    _here, there = session.scalars(select(SignIn).order_by(SignIn.id)).all()
    assert client.post(f"/staff/own/sessions/{there.id}/end").status_code == 302
    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 200
    enter(other, "editor")
    assert client.post("/staff/own/sessions/end-others").status_code == 302
    assert other.get("/staff/").status_code == 302
    assert client.get("/staff/own/").status_code == 200


def test_nobody_ends_a_session_of_another_person(app, client, session):
    person(Role.EDITOR)
    person(Role.APPROVER)
    enter(client, "editor")
    other = app.test_client()
    enter(other, "approver")
    theirs = session.scalars(select(SignIn.id).order_by(SignIn.id.desc())).first()
    assert client.post(f"/staff/own/sessions/{theirs}/end").status_code == 404
    assert other.get("/staff/").status_code == 200


def test_the_administrator_ends_anyones_sessions_copied_cookies_included(app, as_role, client):
    editor = person(Role.EDITOR)
    enter(client, "editor")
    copied = app.test_client()
    copied.set_cookie("remit_staff", cookie(client), path="/staff")
    assert copied.get("/staff/").status_code == 200
    administrator = as_role(Role.ADMINISTRATOR)
    assert "现在没有登录" not in administrator.get(f"/staff/access/{editor.id}/").text
    assert administrator.post(f"/staff/access/{editor.id}/end-sessions").status_code == 302
    assert copied.get("/staff/").status_code == 302
    assert client.get("/staff/").status_code == 302
    assert client.post(f"/staff/access/{editor.id}/end-sessions").status_code == 302
    assert administrator.get("/staff/").status_code == 200


def test_the_language_is_kept(client):
    account = person(Role.EDITOR)
    enter(client, "editor")
    answer = client.post("/staff/own/language", data={"language": "en"})
    assert answer.location == "/staff/own/?lang=en"
    client.post("/staff/own/language", data={"language": "tlh"})
    assert account.language == "en"
    client.post("/staff/own/sign-out")
    answer = client.post("/staff/sign-in/", data={"login": "editor", "password": PASSWORD})
    assert answer.location == "/staff/?lang=en"
    client.post("/staff/own/language", data={"language": DEFAULT})
    assert account.language == DEFAULT


# Links


def test_an_invitation_lets_its_receiver_set_a_password_once(app, as_role, client, posting, session):
    administrator = as_role(Role.ADMINISTRATOR)
    form = {"login": "new", "name": "新人", "role": "administrator", "active": "y", "email": "new@example.cn"}
    assert administrator.post("/staff/accounts/new/", data=form).status_code == 302
    newcomer = session.scalar(select(Account).where(Account.login == "new"))
    assert enter(client, "new", "") == 422
    assert administrator.post(f"/staff/access/{newcomer.id}/invite").status_code == 302
    (link,) = session.scalars(select(SignInLink)).all()
    sealed = link.sealed
    assert sealed
    assert send_links() == 1
    assert send_links() == 0
    session.refresh(link)
    assert (link.sealed, link.sent_at is not None) == ("", True)
    (message,) = posting.messages
    assert posting.recipients == [["new@example.cn"]]
    address = link_in(message)
    assert address.endswith(sealed)
    assert sealed not in link.token_hash
    page = client.get(address)
    assert "新人，您的登录名是 new" in page.text
    assert client.post(address, data={"new": NEW, "again": NEW + "x"}).status_code == 422
    assert client.post(address, data={"new": "short", "again": "short"}).status_code == 422
    done = client.post(address, data={"new": NEW, "again": NEW})
    assert done.location == "/staff/sign-in/"
    assert client.get(address).status_code == 404
    assert client.post(address, data={"new": NEW, "again": NEW}).status_code == 404
    assert enter(client, "new", NEW) == 302
    assert "发重设密码的链接" in administrator.get(f"/staff/access/{newcomer.id}/").text


def test_a_forgotten_password_and_an_unknown_login_look_the_same(app, client, posting, session):
    account = person(Role.EDITOR)
    account.email = "Editor@example.cn"
    enter(client, "editor")
    elsewhere = app.test_client()
    pages = [
        elsewhere.post("/staff/sign-in/forgotten", data={"who": who})
        for who in ("editor", "editor@EXAMPLE.cn", "nobody", "nobody@example.cn")
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    # Asked for twice within five minutes, one e-mail goes out.
    assert send_links() == 1
    address = link_in(posting.messages[0])
    assert elsewhere.post(address, data={"new": NEW, "again": NEW}).status_code == 302
    assert client.get("/staff/").status_code == 302
    assert enter(client, "editor") == 422
    assert enter(client, "editor", NEW) == 302


def test_a_link_expires_and_only_the_newest_is_good(client, posting, frozen):
    account = person(Role.EDITOR)
    account.email = "editor@example.cn"
    for _ in range(2):
        client.post("/staff/sign-in/forgotten", data={"who": "editor"})
        send_links()
        frozen.shift(timedelta(minutes=6))
    first, second = (link_in(message) for message in posting.messages)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    frozen.shift(timedelta(hours=2))
    assert client.get(second).status_code == 404
    assert client.get("/staff/sign-in/link/nonsense").status_code == 404


def test_a_closed_account_gets_no_link_and_its_link_opens_nothing(client, posting, session):
    account = person(Role.EDITOR)
    account.email = "editor@example.cn"
    client.post("/staff/sign-in/forgotten", data={"who": "editor"})
    send_links()
    account.active = False
    session.flush()
    assert client.get(link_in(posting.messages[0])).status_code == 404
    client.post("/staff/sign-in/forgotten", data={"who": "editor"})
    assert send_links() == 0


def test_an_e_mail_that_does_not_leave_is_tried_again(client, posting, session, frozen):
    account = person(Role.EDITOR)
    account.email = "editor@example.cn"
    posting.refusing = "451 later"
    client.post("/staff/sign-in/forgotten", data={"who": "editor"})
    assert send_links() == 0
    link = session.scalars(select(SignInLink)).one()
    assert (link.sent_at, bool(link.error), bool(link.sealed)) == (None, True, True)
    assert send_links() == 0
    posting.refusing = None
    frozen.shift(timedelta(minutes=3))
    assert send_links() == 1


def test_without_a_mail_server_the_page_says_so(client):
    answer = client.post("/staff/sign-in/forgotten", data={"who": "editor"})
    assert answer.status_code == 422
    assert "SMTP_HOST" in answer.text


def test_a_forged_host_does_not_get_into_the_link(client, posting):
    account = person(Role.EDITOR)
    account.email = "editor@example.cn"
    client.post("/staff/sign-in/forgotten", data={"who": "editor"}, headers={"Host": "evil.example"})
    send_links()
    assert "evil" not in posting.messages[0].as_string()


# The second factor


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


def test_an_unknown_role_in_the_settings_is_refused(tmp_path):
    settings = Settings(
        testing=True, database_url=f"sqlite:///{tmp_path}/x.db", data_dir=tmp_path, second_factor=("boss",)
    )
    with pytest.raises(SettingsError, match="boss"):
        compose(settings)


def test_an_account_without_an_address_cannot_be_invited(as_role, posting):
    administrator = as_role(Role.ADMINISTRATOR)
    account = create_account(None, Person("new", "新人"))
    answer = administrator.post(f"/staff/access/{account.id}/invite")
    assert answer.status_code == 422
    assert "没有邮箱" in answer.text
