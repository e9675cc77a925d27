"""Flask-Admin's open doors (DEPENDENCIES, Traps), each one tried."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from admin.base import StaffPage
from admin.pages import PAGES
from admin.records import RecordsPage
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from portal.powers.points.models import PointKind, ServicePoint
from tests.fixtures.doors import Application

STAFF = "/staff/"


@pytest.fixture
def points(session: Session, weishan: Place, yutai: Place) -> tuple[ServicePoint, ServicePoint]:
    """One of the officer's own county and one of the next."""
    own = ServicePoint(place=weishan, kind=PointKind.CENTRE, name="微山中心")
    other = ServicePoint(place=yutai, kind=PointKind.CENTRE, name="鱼台中心")
    session.add_all([own, other])
    session.flush()
    return own, other


def rules(app: Application) -> list[tuple[str, str]]:
    return [
        (rule.rule, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(STAFF) and not rule.endpoint.endswith(".static")
    ]


def test_every_staff_address_belongs_to_a_page_that_declares_its_access(app):
    pages = {page.key: page for page in PAGES}
    for address, endpoint in rules(app):
        key = endpoint.split(".")[0]
        assert key == "home" or pages[key].access, address


def test_a_page_without_declared_access_cannot_be_made():
    with pytest.raises(TypeError, match="access"):

        class Careless(StaffPage):
            key = "careless"
            title = "x"


def test_no_address_of_a_stranger_shows_anything(app, client):
    for address, endpoint in rules(app):
        if endpoint.startswith("sign-in.") or "<" in address:
            continue
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert answer.status_code in (302, 405), (method, address)
            if answer.status_code == 302:
                assert answer.location.startswith("/staff/sign-in/"), address


@pytest.mark.parametrize("role", list(Role))
def test_every_page_answers_every_role_with_itself_or_a_clear_no(app, as_role, role):
    visitor = as_role(role)
    for address, endpoint in rules(app):
        if "<" in address or endpoint.startswith(("sign-in", "lookup")):
            continue
        answer = visitor.get(address)
        assert answer.status_code in (200, 302, 403, 404, 405), (address, answer.status_code)


def test_flask_admins_own_bulk_and_inline_addresses_do_not_exist(app, as_role, points, session):
    editor = as_role(Role.EDITOR)
    own, other = points
    for tail in ("action/", "ajax/update/", "ajax/lookup/", "export/csv/", "details/"):
        for page in PAGES:
            if issubclass(page, RecordsPage):
                for method in ("get", "post"):
                    data = {
                        "action": "delete",
                        "rowid": [own.id, other.id],
                        "list_form_pk": own.id,
                        "name": "x",
                    }
                    answer = getattr(editor, method)(f"/staff/{page.key}/{tail}", data=data)
                    assert answer.status_code == 404, (page.key, tail)
    assert session.scalar(select(func.count(ServicePoint.id))) == 2


def test_another_countys_record_is_not_listed_opened_changed_or_deleted(as_role, points, session):
    own, other = points
    officer = as_role(Role.COUNTY_OFFICER)
    listed = officer.get("/staff/points/").text
    assert own.name in listed
    assert other.name not in listed
    assert other.name not in officer.get("/staff/points/?search=鱼台").text
    assert officer.get(f"/staff/points/edit/?id={own.id}").status_code == 200
    for address in ("edit", "delete"):
        assert officer.get(f"/staff/points/{address}/?id={other.id}").status_code == 404
        gone = officer.post(f"/staff/points/{address}/?id={other.id}", data={"answer": "yes", "name": "偷改"})
        assert gone.status_code == 404
    assert session.get(ServicePoint, other.id).name == "鱼台中心"


def test_a_record_is_not_smuggled_into_another_county(as_role, points, session):
    own, _other = points
    officer = as_role(Role.COUNTY_OFFICER)
    form = {"place": "鱼台县（370827）", "kind": "centre", "name": "新中心"}
    assert "别的地方" in officer.post("/staff/points/new/", data=form).text
    moved = officer.post(f"/staff/points/edit/?id={own.id}", data=form)
    assert moved.status_code == 403
    assert session.get(ServicePoint, own.id).place.name == "微山县"
    assert session.scalar(select(func.count(ServicePoint.id))) == 2


def test_deleting_asks_first_and_does_nothing_without_the_answer(as_role, points, session):
    own, _other = points
    officer = as_role(Role.COUNTY_OFFICER)
    number = own.id
    address = f"/staff/points/delete/?id={number}"
    asked = officer.get(address)
    assert "删除“微山中心”吗" in asked.text
    for data in ({}, {"answer": "no"}, {"answer": ""}):
        assert officer.post(address, data=data).status_code == 422
    assert session.get(ServicePoint, number) is not None
    assert officer.post(address, data={"answer": "yes"}).status_code == 302
    assert session.get(ServicePoint, number) is None


def test_what_a_page_does_not_offer_is_not_done(as_role, session, weishan):
    editor = as_role(Role.EDITOR)
    assert editor.get(f"/staff/places/delete/?id={weishan.id}").status_code == 404
    assert editor.post(f"/staff/places/delete/?id={weishan.id}", data={"answer": "yes"}).status_code == 404
    assert editor.post("/staff/matters/new/", data={"name": "x"}).status_code == 404


def test_a_form_takes_only_its_own_fields(as_role, session):
    administrator = as_role(Role.ADMINISTRATOR)
    account = session.scalar(select(Account).where(Account.login == "administrator"))
    before = account.password_hash, account.generation
    form = {
        "login": "administrator",
        "name": "管理员",
        "role": "administrator",
        "active": "y",
        "password_hash": "x",
        "generation": "99",
        "demo": "y",
    }
    assert administrator.post(f"/staff/accounts/edit/?id={account.id}", data=form).status_code == 302
    session.refresh(account)
    assert (account.name, account.demo) == ("管理员", False)
    assert (account.password_hash, account.generation) == before


@pytest.mark.parametrize("page", ["0", "-1", "2", "99999999999999999999", "x", "１", "1e9", ""])
def test_pages_go_from_the_first_to_the_last(as_role, page, points):
    editor = as_role(Role.EDITOR)
    answer = editor.get("/staff/points/", query_string={"page": page})
    assert answer.status_code == 200
    assert "微山中心" in answer.text


@pytest.mark.parametrize("sort", ["99", "-1", "x", "99999999999999999999"])
def test_an_odd_sort_is_left_aside(as_role, sort, points):
    assert as_role(Role.EDITOR).get(f"/staff/points/?sort={sort}&desc=x").status_code == 200


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "99999999999999999999", "1;2", "１", "2147483648"])
def test_an_odd_id_is_no_record(as_role, number):
    answer = as_role(Role.EDITOR).get("/staff/organisations/edit/", query_string={"id": number})
    assert answer.status_code == 404
    assert "没有这条记录" in answer.text


def test_a_refused_form_comes_back_as_it_was(as_role, session, weishan):
    organisations.add(weishan, "微山县行政审批服务局", by=None)
    form = {"place": "微山县", "name": "微山县行政审批服务局", "kind": "department", "email": "a@example.cn"}
    answer = as_role(Role.EDITOR).post("/staff/organisations/new/", data=form)
    assert answer.status_code == 409
    assert "已经是微山县" in answer.text
    assert 'value="a@example.cn"' in answer.text
    assert session.scalar(select(func.count(Organisation.id))) == 1


def test_a_relation_is_found_by_name_and_never_guessed(as_role, session, jining, weishan):
    session.add(Place(code="371002", name="微山县", kind=weishan.kind, parent=jining, position=9))
    editor = as_role(Role.EDITOR)
    for typed, told in (("微山县", "不清楚是哪一个"), ("火星", "没有找到"), ("", "请填写")):
        answer = editor.post(
            "/staff/organisations/new/", data={"place": typed, "name": "某局", "kind": "department"}
        )
        assert answer.status_code == 422
        assert told in answer.text
    form = {"place": "微山县（370826）", "name": "某局", "kind": "department"}
    assert editor.post("/staff/organisations/new/", data=form).status_code == 302
    assert session.scalar(select(Organisation).where(Organisation.name == "某局")).place_id == weishan.id


def test_names_offered_while_typing_are_few(as_role, session, jining):
    for number in range(60):
        session.add(Place(code=f"9{number:05}", name=f"甲{number}镇", kind=jining.kind, parent=jining))
    editor = as_role(Role.EDITOR)
    offered = editor.get("/staff/lookup/?kind=place&field=place&place=甲").text
    assert offered.count("<option") == 20
    assert editor.get("/staff/lookup/?kind=place&field=place&place=").text.count("<option") == 0
    assert editor.get("/staff/lookup/?kind=nothing").status_code == 404
    assert editor.get("/staff/lookup/?kind=place&field=place&place=%25").text.count("<option") == 0


def test_a_form_with_thousands_of_bodies_loads_none_of_them(as_role, session, weishan):
    session.add_all(Organisation(name=f"第{number}局", place=weishan) for number in range(500))
    administrator = as_role(Role.ADMINISTRATOR)
    asked: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        page = administrator.get("/staff/accounts/new/").text
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert "第7局" not in page
    assert len(asked) < 12


def test_a_list_does_not_ask_once_a_row(as_role, session, weishan):
    session.add_all(Organisation(name=f"第{number}局", place=weishan) for number in range(60))
    editor = as_role(Role.EDITOR)
    asked: list[str] = []

    def count(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        assert editor.get("/staff/organisations/").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) < 15


def test_rights_are_those_of_the_role(as_role):
    assert as_role(Role.APPROVER).get("/staff/imports/").status_code == 403
    assert as_role(Role.EDITOR).get("/staff/accounts/").status_code == 403
    assert as_role(Role.COUNTY_OFFICER).get("/staff/lists/").status_code == 403
    administrator = as_role(Role.ADMINISTRATOR)
    assert administrator.get("/staff/accounts/").status_code == 200
    assert administrator.get("/staff/delegations/").status_code == 403
    assert administrator.get("/staff/proposals/").status_code == 403
