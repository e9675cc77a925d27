"""My account, and links by e-mail: the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.signins import send_links
from jobs.sweep import sweep
from portal.config import Mail
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import Person, create_account
from portal.foundation.rights.rules import Role
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.sessions.models import SignIn
from portal.i18n import DEFAULT
from portal.queue import Job
from tests.admin.conftest import PASSWORD, enter, person
from tests.admin.test_door import cookie

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


def link_in(message) -> str:
    return re.search(r"https://remit\.example(/staff/sign-in/link/\S+)", message.get_content())[1]


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


def test_the_sweeper_rings_for_a_link_that_was_not_rung_for(client, posting, session, valkey, monkeypatch):
    rung = []
    monkeypatch.setattr("jobs.sweep.ring", lambda job, *_ids: rung.append(job))
    sweep()
    assert rung == []
    account = person(Role.EDITOR)
    account.email = "editor@example.cn"
    client.post("/staff/sign-in/forgotten", data={"who": "editor"})
    sweep()
    assert rung == [Job.LINKS]


def test_an_invitation_in_english(as_role, posting, session):
    account = person(Role.EDITOR)
    account.email, account.language = "editor@example.cn", "en"
    as_role(Role.ADMINISTRATOR).post(f"/staff/access/{account.id}/invite")
    assert send_links() == 1
    text = posting.messages[0].get_content()
    assert "Hello" in text
    assert "?lang=en" in text


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


def test_an_account_without_an_address_cannot_be_invited(as_role, posting):
    administrator = as_role(Role.ADMINISTRATOR)
    account = create_account(None, Person("new", "新人"))
    answer = administrator.post(f"/staff/access/{account.id}/invite")
    assert answer.status_code == 422
    assert "没有邮箱" in answer.text
