"""Auditors look for what was done, read one entry, take it along; nobody else may, and each try is told."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlalchemy import select

from admin.foundation.record_fields import ENGLISH, TABLES
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.audit import service
from portal.foundation.audit.circumstances import Who, acting
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act, Door, Outcome
from portal.foundation.audit.tables import LEFT_OUT
from portal.foundation.imports.service import receive
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from tests.admin.conftest import PASSWORD, enter, person


def newest(session, **wanted):
    query = select(Entry).filter_by(**wanted).order_by(Entry.number.desc()).limit(1)
    return session.scalars(query).one()


@pytest.fixture
def auditor(as_role):
    return as_role(Role.AUDITOR)


def test_signing_in_and_out_are_told(session, client, jining):
    known = person(Role.EDITOR, place=jining)
    assert enter(client, known.login, "wrong password") == 422
    entry = newest(session, act=Act.SIGN_IN)
    assert (entry.outcome, entry.actor_id, entry.record_id) == (Outcome.REFUSED, None, str(known.id))
    assert enter(client, "nobody-known", "wrong password") == 422
    entry = newest(session, act=Act.SIGN_IN)
    assert (entry.outcome, entry.record_id, entry.record_name) == (Outcome.REFUSED, "", "")
    assert "nobody-known" not in entry.note
    assert enter(client, known.login) == 302
    entry = newest(session, act=Act.SIGN_IN)
    assert (entry.outcome, entry.actor_id, entry.actor) == (Outcome.DONE, known.id, known.name)
    assert (entry.door, entry.origin, entry.route) == (Door.STAFF, "127.0.0.1", "POST /staff/sign-in/")
    assert entry.role == "editor:济宁市"
    client.post("/staff/own/sign-out")
    assert newest(session, act=Act.SIGN_OUT).actor_id == known.id
    assert PASSWORD not in " ".join(session.scalars(select(Entry.changes)))


def test_a_refused_page_is_told(session, as_role):
    editor = as_role(Role.EDITOR)
    assert editor.get("/staff/accounts/").status_code == 403
    entry = newest(session, act=Act.REFUSAL)
    assert (entry.outcome, entry.kind, entry.actor) == (Outcome.REFUSED, "accounts", "某editor")
    assert entry.route == "GET /staff/accounts/"


def test_a_record_that_is_not_there_is_told(session, as_role):
    editor = as_role(Role.EDITOR)
    assert editor.get("/staff/places/edit/?id=4711").status_code == 404
    entry = newest(session, act=Act.REFUSAL)
    assert (entry.kind, entry.record_id, entry.route) == ("places", "4711", "GET /staff/places/edit/?id=4711")
    count = len(session.scalars(select(Entry.number)).all())
    assert editor.get("/staff/no-such-page").status_code == 404
    assert len(session.scalars(select(Entry.number)).all()) == count


def test_reading_pages_writes_nothing(session, auditor):
    count = len(session.scalars(select(Entry.number)).all())
    for address in (
        "/staff/",
        "/staff/record/",
        f"/staff/record/{newest(session).number}/",
        "/staff/places/",
    ):
        assert auditor.get(address).status_code == 200
    assert len(session.scalars(select(Entry.number)).all()) == count


def test_who_changed_what_can_be_found(session, auditor, weishan):
    weishan.name = "微山湖县"
    session.commit()
    found = auditor.get(f"/staff/record/?kind=places&id={weishan.id}").text
    assert found.count("<tr>") == 3
    assert "微山湖县" in found
    assert "新建" in found
    nothing = auditor.get("/staff/record/?text=没有这个名字").text
    assert "没有找到。" in nothing
    assert "微山湖县" in auditor.get("/staff/record/?act=change&outcome=done&since=2020-01-01").text
    assert "微山湖县" not in auditor.get("/staff/record/?until=2020-01-01").text
    page = auditor.get(f"/staff/record/{newest(session, kind='places', act=Act.CHANGE).number}/").text
    assert "微山县" in page
    assert "微山湖县" in page
    assert "名称" in page


@pytest.mark.parametrize(
    "query",
    [
        "act=x",
        "before=99999999999",
        "account=-1",
        "kind=nothing",
        "text=%25",
    ],
)
def test_odd_questions_are_answered(auditor, query):
    assert auditor.get(f"/staff/record/?{query}").status_code == 200
    assert auditor.get(f"/staff/record/?lang=en&{query}").status_code == 200


@pytest.mark.parametrize("day", ["2026-99-99", "0001-01-01", "昨天"])
def test_a_day_that_is_none_is_told_and_nothing_is_taken_along(session, auditor, day):
    service.record(Act.EXPORT, name="某张表")
    session.commit()
    for name in ("since", "until"):
        page = auditor.get("/staff/record/", query_string={name: day})
        assert page.status_code == 422
        assert "日期请写成 2021-06-15 这样" in page.text
        assert "某张表" not in page.text
        assert auditor.post("/staff/record/export", data={name: day}).status_code == 422
    assert session.scalars(select(Entry).filter_by(kind="audit_entries", act=Act.EXPORT)).all() == []


def test_somebody_is_found_by_login_too(session, auditor, jining):
    known = person(Role.EDITOR, place=jining, login="zhang")
    known.name = "某张"
    with acting("run:export:1", who=Who(known.id, known.name, "")):
        service.record(Act.EXPORT, name="那张表")
        session.commit()
    for who in ("zhang", "某张"):
        assert "那张表" in auditor.get("/staff/record/", query_string={"who": who}).text


@pytest.mark.parametrize("number", ["0", "2147483647", "99999999999999"])
def test_an_entry_that_is_not_there(auditor, number):
    assert auditor.get(f"/staff/record/{number}/").status_code == 404


def test_pages_go_on_where_the_last_ended(session, auditor):
    for number in range(120):
        service.record(Act.EXPORT, name=f"表{number}")
    session.commit()
    seen, address = [], "/staff/record/?act=export"
    while address:
        page = auditor.get(address).text
        seen += [line for line in page.split("表")[1:] if line[0].isdigit()]
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        address = older.replace("&amp;", "&")
    assert len(seen) == 120


def test_the_export_tells_itself(session, auditor):
    service.record(Act.EXPORT, name="=cmd()")
    session.commit()
    answer = auditor.post("/staff/record/export", data={"act": "export"})
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0]["记录名称"] == "'=cmd()"
    assert rows[-1]["姓名"] == "某auditor"
    entry = newest(session, act=Act.EXPORT)
    assert (entry.kind, entry.actor, json.loads(entry.note)) == (
        "audit_entries",
        "某auditor",
        {"asked": {"act": "export"}},
    )


def test_other_exports_are_told(session, as_role):
    assert as_role(Role.APPROVER).get("/staff/deadlines/export.csv").status_code == 200
    entry = newest(session, act=Act.EXPORT)
    assert (entry.kind, entry.actor, json.loads(entry.note)) == ("deadlines", "某approver", {"count": 0})


def test_every_file_that_is_handed_out_is_told(session, as_role, jining):
    """Whatever page hands it out, once, with its name; who only looks whether a copy still holds takes nothing."""
    editor = as_role(Role.EDITOR)
    clerk = session.scalars(select(Account)).first()
    upload = receive(b"a,b\n1,2\n", name="清单.csv", place=jining, policy=None, by=clerk)
    session.commit()
    address = f"/staff/imports/{upload.id}/file"
    taken = editor.get(address)
    assert taken.status_code == 200
    entry = newest(session, act=Act.EXPORT)
    assert (entry.kind, entry.record_id, entry.record_name) == ("imports", str(upload.id), "清单.csv")
    assert entry.actor == "某editor"
    editor.get(address, headers={"If-None-Match": taken.headers["ETag"]})
    editor.head(address)
    assert newest(session, act=Act.EXPORT).number == entry.number


def test_what_ran_and_what_was_asked_is_said_in_words(session, app, auditor):
    with acting("run:handout:31"):
        service.record(Act.JOB, asked={"act": "export", "since": "2026-03-02"})
        session.commit()
    number = newest(session).number
    for address in ("/staff/record/?act=job", f"/staff/record/{number}/"):
        assert "生成地方清单（第 31 号作业）" in auditor.get(address).text
        assert "做了什么：导出；从：2026-03-02" in auditor.get(address).text
        assert "run 31" in auditor.get(f"{address}{'&' if '?' in address else '?'}lang=en").text


def test_whoever_does_not_know_the_password_is_told(session, as_role):
    new = "another good one 42"
    form = {"old": "a wrong password", "new": new, "again": new}
    assert as_role(Role.APPROVER).post("/staff/own/password/", data=form).status_code == 422
    entry = newest(session, act=Act.REFUSAL)
    assert (entry.kind, json.loads(entry.note)) == ("own", {"why": "old_password"})


def test_the_history_of_a_record_is_linked_for_those_who_may_read_it(as_role, weishan):
    address = f"/staff/places/edit/?id={weishan.id}"
    linked = f"/staff/record/?kind=places&amp;id={weishan.id}"
    assert linked in as_role(Role.ADMINISTRATOR).get(address).text
    assert linked not in as_role(Role.EDITOR).get(address).text


def test_only_auditors_and_administrators_read_it(session, as_role):
    open_to = {role for role in Role if as_role(role).get("/staff/record/").status_code == 200}
    assert open_to == {Role.AUDITOR, Role.ADMINISTRATOR}


def test_every_word_is_a_tables():
    assert sorted(set(TABLES) - set(Base.metadata.tables)) == []
    assert set(ENGLISH) == set(TABLES)
    assert sorted(set(TABLES) & set(LEFT_OUT)) == ["audit_entries"]


def test_what_a_person_changes_at_the_door_is_told_with_the_person(session, as_role):
    editor = as_role(Role.EDITOR)
    place = session.scalars(select(Place).where(Place.code == "370826")).one()
    form = {"name": place.name, "certainty": "high", "note": "改过"}
    editor.post(f"/staff/places/edit/?id={place.id}", data=form)
    entry = newest(session)
    assert entry.actor == "某editor"
    assert entry.route.startswith("POST /staff/places/edit/")
