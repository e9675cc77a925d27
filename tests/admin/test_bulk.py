"""Acts on many records of a list: chosen, looked at, done in the background; each with the rights of the single act."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.runs import work_off
from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.rules import RowsState
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus, MatterType
from portal.powers.points.models import PointKind, ServicePoint
from tests.admin.conftest import enter, person

DOOR = "/staff"


@pytest.fixture
def points(session, weishan, yutai):
    """Sixty points of one county, and one of another."""
    made = [ServicePoint(place=weishan, kind=PointKind.STATION, name=f"{number}号所") for number in range(60)]
    made.append(ServicePoint(place=yutai, kind=PointKind.STATION, name="别处的所"))
    made[0].kind = PointKind.CENTRE
    session.add_all(made)
    session.commit()
    return made


@pytest.fixture
def duties(session, jining, weishan, yutai):
    """Three matters, each with a receiver in both counties."""
    bodies = {place: Organisation(name=f"{place.name}审批局", place=place) for place in (weishan, yutai)}
    other = Organisation(name="微山县公安局", place=weishan)
    matters = [
        Matter(identity=name, name=name, place=jining, type=MatterType.SERVICE) for name in ("甲", "乙", "丙")
    ]
    made = [
        Duty(place=place, matter=matter, role=DutyRole.RECEIVER, organisation=body, basis="旧")
        for place, body in bodies.items()
        for matter in matters
    ]
    session.add_all([other, *made])
    session.commit()
    return made


def asked(visitor, where, **said):
    """Ask for the act, have it looked at; gives the table and the page with what will happen."""
    answer = visitor.post(f"{DOOR}/{where}", data=said)
    assert answer.status_code == 302, answer.text
    work_off()
    table = db.session.query(RowTable).order_by(RowTable.id.desc()).first()
    return table, visitor.get(answer.location)


def done(visitor, where, table):
    assert visitor.post(f"{DOOR}/{where}/{table.id}/write").status_code == 302
    work_off()
    db.session.expire_all()
    return visitor.get(f"{DOOR}/{where}/{table.id}/").text


def fates(table):
    return [row["fate"] for row in table.report]


def test_ticked_points_are_withdrawn_after_a_look(as_role, points):
    officer = as_role(Role.COUNTY_OFFICER)
    shown = officer.get(f"{DOOR}/points/").text
    assert 'name="all"' in shown
    assert f'form="acts" name="id" value="{points[0].id}"' in shown
    where = f"points/acts/?act=points-withdraw&id={points[0].id}&id={points[1].id}&id={points[-1].id}"
    assert "选了 2 条" in officer.get(f"{DOOR}/{where}").text
    table, page = asked(officer, where)
    assert fates(table) == ["gone", "gone"]
    assert "会办 2 条" in page.text
    assert "微山县" in page.text
    assert "370826" not in page.text
    assert db.session.query(ServicePoint).count() == 61
    assert "已经写入" in done(officer, "points", table)
    assert db.session.query(ServicePoint).count() == 59


def test_all_that_the_address_finds_is_what_the_visitor_may_see(as_role, points):
    officer = as_role(Role.COUNTY_OFFICER)
    table, _page = asked(officer, "points/acts/?act=points-withdraw&all=1&kind=station&search=号所")
    assert len(table.given) == 59
    assert (
        officer.post(
            f"{DOOR}/points/{table.id}/choose?page=1", data={"shown": [1, 2], "line": [2]}
        ).status_code
        == 302
    )
    done(officer, "points", table)
    assert {each.name for each in db.session.query(ServicePoint)} == {"0号所", "1号所", "别处的所"}


def test_what_is_not_there_is_refused_before_anything(as_role, points):
    officer, auditor = as_role(Role.COUNTY_OFFICER), as_role(Role.AUDITOR)
    assert officer.get(f"{DOOR}/points/acts/?act=points-withdraw").status_code == 422
    assert officer.get(f"{DOOR}/points/acts/?act=points-withdraw&id={points[-1].id}").status_code == 422
    assert officer.get(f"{DOOR}/points/acts/?act=duties-remove&id=1").status_code == 404
    assert officer.get(f"{DOOR}/points/acts/?act=points-withdraw&id=x&id=99999999999999").status_code == 422
    assert auditor.post(f"{DOOR}/points/acts/?act=points-withdraw&all=1").status_code == 403
    assert db.session.query(RowTable).count() == 0


def test_a_table_is_its_owners_and_its_pages_alone(as_role, points):
    officer, editor = as_role(Role.COUNTY_OFFICER), as_role(Role.EDITOR)
    table, _page = asked(officer, f"points/acts/?act=points-withdraw&id={points[0].id}")
    assert editor.get(f"{DOOR}/points/{table.id}/").status_code == 404
    assert editor.post(f"{DOOR}/points/{table.id}/write").status_code == 404
    assert officer.get(f"{DOOR}/duties/{table.id}/").status_code == 404
    assert officer.get(f"{DOOR}/rows/{table.id}/").status_code == 404


def test_somebody_who_lost_the_right_meanwhile_writes_nothing(as_role, points):
    officer = as_role(Role.COUNTY_OFFICER)
    table, _page = asked(officer, f"points/acts/?act=points-withdraw&id={points[0].id}")
    assert officer.post(f"{DOOR}/points/{table.id}/write").status_code == 302
    table.created_by.posts[0].place = db.session.query(Place).filter_by(name="鱼台县").one()
    db.session.commit()
    work_off()
    db.session.expire_all()
    assert db.session.get(RowTable, table.id).state is RowsState.WAITING
    assert db.session.query(ServicePoint).count() == 61


def test_duties_are_handed_to_another_body_where_it_may_have_them(as_role, duties):
    editor = as_role(Role.EDITOR)
    where = "duties/acts/?act=duties-hand&all=1"
    assert editor.post(f"{DOOR}/{where}", data={"body": "没有这个局"}).status_code == 422
    table, page = asked(editor, where, body="微山县公安局", day="2021-06-15")
    assert fates(table) == ["change"] * 3 + ["wrong"] * 3
    assert "办不了 3 条" in page.text
    assert "不是鱼台县的单位" in page.text
    done(editor, "duties", table)
    held = {
        (each.place.name, each.organisation.name, each.from_on, each.basis) for each in db.session.query(Duty)
    }
    assert held == {
        ("微山县", "微山县公安局", date(2021, 6, 15), "旧"),
        ("鱼台县", "鱼台县审批局", None, "旧"),
    }


def test_duties_get_a_basis_or_are_taken_back_and_one_who_came_between_is_seen(as_role, duties):
    editor = as_role(Role.EDITOR)
    where = "duties/acts/?act=duties-date&all=1&search=甲"
    assert editor.post(f"{DOOR}/{where}", data={}).status_code == 422
    table, _page = asked(editor, where, on_basis="济政字〔2021〕30号")
    assert fates(table) == ["change", "change"]
    duties[0].basis = "别人改的"
    db.session.commit()
    assert "一行也没有写入" in done(editor, "duties", table)
    assert {each.basis for each in db.session.query(Duty)} == {"旧", "别人改的"}
    assert editor.post(f"{DOOR}/duties/{table.id}/again").status_code == 302
    work_off()
    done(editor, "duties", table)
    assert [each.basis for each in db.session.query(Duty)].count("济政字〔2021〕30号") == 2
    table, _page = asked(editor, "duties/acts/?act=duties-remove&all=1&search=甲")
    done(editor, "duties", table)
    assert db.session.query(Duty).count() == 4


def test_matters_are_settled_with_their_document(as_role, duties):
    editor = as_role(Role.EDITOR)
    where = "matters/acts/?act=matters-status&all=1"
    table, _page = asked(editor, where, status="abolished")
    assert fates(table) == ["wrong"] * 3
    table, _page = asked(
        editor, where, status="abolished", status_since="2021-06-15", status_document="国发〔2021〕1号"
    )
    done(editor, "matters", table)
    assert {each.status for each in db.session.query(Matter)} == {MatterStatus.ABOLISHED}


def test_posts_end_on_a_day_but_never_the_last_administrator_s(app, client, as_role, weishan):
    for number in range(2):
        person(Role.COUNTY_OFFICER, login=f"officer-{number}", place=weishan)
    gone = person(Role.EDITOR, login="gone")
    gone.posts[0].until = date(2000, 1, 2)
    db.session.commit()
    administrator = as_role(Role.ADMINISTRATOR)
    today = clock.today()
    assert (
        administrator.post(f"{DOOR}/accounts/acts/?act=accounts-end&all=1", data={"day": ""}).status_code
        == 422
    )
    table, _page = asked(administrator, "accounts/acts/?act=accounts-end&all=1", day=today.isoformat())
    told = {row["values"]["login"]: row["fate"] for row in table.report}
    assert told == {"officer-0": "change", "officer-1": "change", "gone": "wrong", "administrator": "wrong"}
    done(administrator, "accounts", table)
    until = {post.account.login: post.until for post in db.session.query(Post)}
    assert until["officer-0"] == until["officer-1"] == today
    assert until["administrator"] is None
    assert enter(app.test_client(), "officer-0") == 302
    assert db.session.query(Account).count() == 4


def test_lists_without_acts_show_none(as_role, weishan):
    editor = as_role(Role.EDITOR)
    assert 'id="acts"' not in editor.get(f"{DOOR}/organisations/").text
    assert editor.get(f"{DOOR}/organisations/acts/?act=points-withdraw&all=1").status_code == 404


def test_lists_lead_to_their_file_which_brings_what_stands(as_role, duties, points):
    editor = as_role(Role.EDITOR)
    for where, by_file, told in (
        ("duties", "duty-rows", "微山县审批局"),
        ("matters", "name-rows", "丙"),
        ("organisations", "body-rows", "微山县公安局"),
        ("points", "rows", "别处的所"),
    ):
        assert f'href="{DOOR}/{by_file}/"' in editor.get(f"{DOOR}/{where}/").text
        assert editor.get(f"{DOOR}/{by_file}/").status_code == 200
        assert told in editor.get(f"{DOOR}/{by_file}/present.csv").data.decode("utf-8-sig")
    assert as_role(Role.AUDITOR).get(f"{DOOR}/duty-rows/").status_code == 403


def test_the_first_page_names_background_work_by_what_it_is_about(as_role, points):
    officer = as_role(Role.COUNTY_OFFICER)
    asked(officer, f"points/acts/?act=points-withdraw&id={points[0].id}")
    assert "撤掉办事点</a>" in officer.get(f"{DOOR}/").text
