"""Signing in, staying in, getting out."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import timedelta
from html import escape

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from wtforms import PasswordField

from admin.forms import StaffForm
from admin.late import SECRET
from portal.config import ROOT
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Role
from portal.foundation.signins.sessions.models import SignIn
from tests.admin.conftest import PASSWORD, enter, person
from tests.fixtures.doors import Application, Visitor


def cookie(visitor: Visitor) -> str:
    found = visitor.get_cookie("remit_staff", path="/staff")
    assert found is not None
    return found.value


def chosen(new: str, old: str = PASSWORD) -> dict[str, str]:
    return {"old": old, "new": new, "again": new}


def test_a_stranger_is_sent_to_the_sign_in_page_and_on_from_there(client):
    person(Role.EDITOR)
    answer = client.get("/staff/places/?search=a")
    assert answer.status_code == 302
    assert answer.location == "/staff/sign-in/?next=/staff/places/?search%3Da"
    entered = client.post(answer.location, data={"login": "editor", "password": PASSWORD})
    assert entered.location == "/staff/places/?search=a"


def test_whoever_hands_a_form_in_too_late_is_told_and_comes_back_to_it(client, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(hours=2))
    form = "/staff/places/edit/?id=1"
    answer = client.post(form, data={"name": "某地", "drafted_at": form})
    assert answer.location == f"/staff/sign-in/?next={form.replace('=', '%3D')}"
    # What is only typed meanwhile says so beside the button, and nothing that is told elsewhere is lost.
    typing = client.post(form, data={"name": "某地", "drafted_at": form, "draft": "typed"})
    assert (typing.status_code, "登录已经过期，没有存下" in typing.text) == (200, True)
    assert "刚才提交的没有保存" in client.get(answer.location).text
    entered = client.post(answer.location, data={"login": "editor", "password": PASSWORD})
    assert entered.location == form


def test_what_was_written_comes_back_to_whoever_wrote_it(client, frozen):
    """Without JavaScript no draft is kept, and the browser does not keep staff pages either."""
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(hours=2))
    note = "  市商务局来电核对：莘县、冠县两处的办理窗口都已经搬到新址，<旧址>不再受理。 "
    hidden = {"opened": f"812.{'ab' * 16}", "drafted_at": "/staff/places/edit/?id=1"}
    said = {"name": "某地", "note": note, "notes-0-again": "x" * 30, **hidden}
    late = client.post("/staff/places/edit/?id=1", data=said)
    assert late.status_code == 403
    assert re.findall(r"<textarea[^>]*>(.*?)</textarea>", late.text) == [escape(note.strip())]
    assert 'href="/staff/sign-in/?next=/staff/places/edit/?id%3D1"' in late.text
    assert "刚才提交的没有保存" not in client.get("/staff/sign-in/").text


def test_what_nobody_wrote_does_not_come_back(client, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(hours=2))
    late = client.post("/staff/places/edit/?id=1", data={"name": "某地", "opened": f"812.{'ab' * 16}"})
    assert late.status_code == 302
    assert "刚才提交的没有保存" in client.get(late.location).text


def test_no_page_repeats_a_secret():
    """Whatever field of whatever form is a secret."""

    def kinds(form):
        return [form, *(each for below in form.__subclasses__() for each in kinds(below))]

    names = {
        name
        for form in kinds(StaffForm)
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None) is PasswordField
    }
    assert {"password", "old", "secret"} <= names <= SECRET


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/staff/", "//evil.example/staff/", "/staff/../x", "javascript:1", "/\\evil", "/"],
)
def test_signing_in_leads_nowhere_but_the_staff_pages(client, elsewhere):
    person(Role.EDITOR)
    answer = client.post(
        "/staff/sign-in/", query_string={"next": elsewhere}, data={"login": "editor", "password": PASSWORD}
    )
    assert answer.location == "/staff/"


def test_unknown_login_wrong_password_and_closed_account_get_one_answer(client, session: Session):
    person(Role.EDITOR)
    closed = person(Role.APPROVER)
    closed.active = False
    pages = []
    for login, password in (("nobody", PASSWORD), ("editor", "wrong"), ("approver", PASSWORD)):
        answer = client.post("/staff/sign-in/", data={"login": login, "password": password})
        assert answer.status_code == 422
        pages.append(answer.text.replace(login, ""))
    assert pages[0] == pages[1] == pages[2]


def test_wrong_passwords_slow_an_account_down_even_for_the_right_one(client, frozen):
    person(Role.EDITOR)
    for _ in range(5):
        assert enter(client, "editor", "wrong") == 422
    assert enter(client, "editor") == 422
    frozen.shift(timedelta(seconds=31))
    assert enter(client, "editor") == 302


def test_one_address_may_fail_so_many_times_a_minute(app, client, frozen):
    person(Role.EDITOR)
    for _ in range(31):
        assert enter(app.test_client(), "editor") == 302
    answers = [enter(client, f"login-{number}", "x") for number in range(32)]
    assert answers[:30] == [422] * 30
    assert answers[30:] == [429, 429]


def test_signing_in_gives_a_new_session_and_signing_out_kills_a_copied_cookie(app, client, session):
    person(Role.EDITOR)
    client.get("/staff/sign-in/")
    enter(client, "editor")
    first = cookie(client)
    copied = app.test_client()
    copied.set_cookie("remit_staff", first, path="/staff")
    assert copied.get("/staff/").status_code == 200
    client.post("/staff/own/sign-out")
    assert copied.get("/staff/").status_code == 302
    assert session.scalars(select(SignIn)).all() == []


def test_an_unused_session_ends_and_a_busy_one_ends_after_half_a_day(client, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(minutes=61))
    assert client.get("/staff/").status_code == 302
    enter(client, "editor")
    for _ in range(14):
        frozen.shift(timedelta(minutes=50))
        assert client.get("/staff/").status_code == 200
    frozen.shift(timedelta(minutes=25))
    assert client.get("/staff/").status_code == 302


def test_a_closed_account_is_out_at_once(client, session):
    account = person(Role.EDITOR)
    enter(client, "editor")
    account.active = False
    assert client.get("/staff/").status_code == 302


def test_guessing_the_present_password_rests_as_at_the_door_and_shuts_nobody_out(client, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    for _ in range(5):
        assert (
            client.post("/staff/own/password/", data=chosen("another good one 42", old="x")).status_code
            == 422
        )
    assert client.post("/staff/own/password/", data=chosen("another good one 42")).status_code == 422
    assert client.get("/staff/").status_code == 200
    frozen.shift(timedelta(seconds=31))
    assert client.post("/staff/own/password/", data=chosen("another good one 42")).status_code == 302


def test_a_new_password_ends_every_other_session(app, client):
    person(Role.EDITOR)
    enter(client, "editor")
    elsewhere = app.test_client()
    enter(elsewhere, "editor")
    wrong = client.post("/staff/own/password/", data=chosen("a quite different one", old="x"))
    assert wrong.status_code == 422
    assert "现在的密码不对" in wrong.text
    assert client.post("/staff/own/password/", data=chosen("short")).status_code == 422
    done = client.post("/staff/own/password/", data=chosen("a quite different one"))
    assert done.status_code == 302
    assert client.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 302
    assert enter(elsewhere, "editor", "a quite different one") == 302


def test_the_token_is_not_kept(app, client, session):
    person(Role.EDITOR)
    enter(client, "editor")
    (kept,) = session.scalars(select(SignIn)).all()
    assert len(kept.token_hash) == 64
    with client.session_transaction(path="/staff/") as inside:
        assert kept.token_hash not in inside.values()
        assert "editor" not in str(dict(inside))


def test_staff_pages_are_kept_by_nobody_and_carry_a_strict_policy(client):
    page = client.get("/staff/sign-in/")
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    person(Role.EDITOR)
    entered = client.post("/staff/sign-in/", data={"login": "editor", "password": PASSWORD})
    assert "Path=/staff" in entered.headers["Set-Cookie"]
    assert "HttpOnly" in entered.headers["Set-Cookie"]
    assert "SameSite=Lax" in entered.headers["Set-Cookie"]


@pytest.mark.parametrize("address", ["/", "/lists", "/nowhere", "/static/staff/staff.css"])
def test_the_public_door_knows_nothing_of_sessions(client, address):
    person(Role.EDITOR)
    enter(client, "editor")
    page = client.get(address)
    assert "Cookie" not in page.headers.get("Vary", "")
    assert "Set-Cookie" not in page.headers


def test_every_change_needs_a_csrf_token(app: Application, client):
    person(Role.EDITOR)
    enter(client, "editor")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert (
            client.post("/staff/sign-in/", data={"login": "editor", "password": PASSWORD}).status_code == 400
        )
        assert client.post("/staff/own/sign-out").status_code == 400
        assert client.post("/staff/places/new/", data={}).status_code == 400
        assert client.get("/staff/").status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_nul_in_what_is_sent_is_refused(client):
    assert client.get("/staff/sign-in/?next=%00").status_code == 400
    assert client.post("/staff/sign-in/", data={"login": "a\0b", "password": "x"}).status_code == 400


def test_english_is_carried_by_the_links(client):
    person(Role.EDITOR)
    client.post("/staff/sign-in/?lang=en", data={"login": "editor", "password": PASSWORD})
    page = client.get("/staff/?lang=en").text
    assert 'lang="en"' in page
    assert "/staff/organisations/?lang=en" in page


def test_passwords_are_kept_as_argon2_only(client, session):
    account = person(Role.EDITOR)
    assert session.get(Account, account.id).password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("address", ["/staff/nowhere", "/staff/lists/99999999999999/", "/staff/a/b?x=1"])
def test_an_address_that_no_page_has(client, address):
    assert client.get(address).location.startswith("/staff/sign-in/")
    person(Role.EDITOR)
    enter(client, "editor")
    answer = client.get(address)
    assert answer.status_code == 404
    assert "没有这一页" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_that_lay_too_long_says_so(app, client):
    person(Role.EDITOR)
    enter(client, "editor")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post("/staff/own/password/", data=chosen("b", old="a"))
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert "放得太久了" in answer.text


def test_a_file_too_large_says_so(app, client):
    person(Role.EDITOR)
    enter(client, "editor")
    kind = "multipart/form-data; boundary=x"
    answer = client.post("/staff/imports/new", data=b"x" * (21 * 1024 * 1024), content_type=kind)
    assert answer.status_code == 413
    assert "文件太大了" in answer.text


def test_a_session_that_cannot_be_pushed_on_holds_all_the_same(client, monkeypatch, frozen):
    person(Role.EDITOR)
    enter(client, "editor")
    frozen.shift(timedelta(minutes=5))

    def busy(*_ignored: object) -> bool:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr("portal.auth.service.keep_session", busy)
    assert client.get("/staff/").status_code == 200


ATTEMPTS = """
import sys
from pathlib import Path
import admin
from portal.app import create_app
from portal.config import Settings
from portal.db import db

folder = Path(sys.argv[1])
settings = Settings(
    database_url=f"sqlite:///{folder / 'x.db'}", data_dir=folder, redis_url="redis://127.0.0.1:1/0"
)
app = create_app(settings)
admin.init_app(app)
app.config["WTF_CSRF_ENABLED"] = False
with app.app_context():
    db.create_all()
visitor = app.test_client()
attempts = [visitor.post("/staff/sign-in/", data={"login": "a", "password": "b"}) for _ in range(32)]
print(*(attempt.status_code for attempt in attempts))
"""


def test_the_limit_holds_without_a_queue_server(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ATTEMPTS, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    codes = done.stdout.split()[-32:]
    assert codes[0] == "422"
    assert codes[-1] == "429"
