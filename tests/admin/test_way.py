"""The clerk's whole way through the staff pages, from an annex to a published list, by two people."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import runs as running
from jobs.demo import bring_data
from portal.config import ROOT
from portal.db import db
from portal.foundation.accounts.rules import Role
from portal.foundation.imports.models import ImportedTable, Question, Upload
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState
from portal.foundation.runs.models import Run
from portal.powers.lists import queries as lists
from portal.powers.lists.models import Delegation, PowerList, ProfileField
from portal.powers.matters.models import Matter
from tests.admin.conftest import enter, person
from tests.fixtures.doors import Application, Visitor

ANNEX = (
    "序号,部门,事项名称,事项类型,放权方式,备注\n"
    "1,市商务局,甲事项备案,其他行政权力,直接下放,\n"
    "2,市商务局,乙事项许可,行政许可,窗口前移,暂不向各功能区下放\n"
    "3,市火星局,丙事项许可,行政许可,直接下放,\n"
)


@pytest.fixture
def editor(app: Application, session: Session, client: Visitor) -> Visitor:
    """Signed in, with the shipped places, bodies and documents."""
    bring_data()
    person(Role.EDITOR)
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, "editor") == 302
    return visitor


@pytest.fixture
def approver(app: Application, editor: Visitor) -> Visitor:
    person(Role.APPROVER)
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, "approver") == 302
    return visitor


def hand_in(editor: Visitor, text: str = ANNEX, name: str = "附件1.csv") -> Upload:
    form = {"file": (BytesIO(text.encode()), name), "place": "济宁市", "policy": "济政字〔2021〕30号"}
    answer = editor.post("/staff/imports/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 302
    running.work_off()
    return db.session.scalars(select(Upload).order_by(Upload.id.desc())).first()


def found_list(editor: Visitor, slug: str = "jining-2021-x") -> PowerList:
    city = places.by_code("370800")
    scope = next(group for group in places.groups(city) if group.key != "zones")
    form = {
        "title": "某清单",
        "annex": "附件1",
        "policy": "济政字〔2021〕30号",
        "place": "济宁市（370800）",
        "scope": f"{scope.name}（济宁市）",
        "slug": slug,
    }
    assert editor.post("/staff/lists/new", data=form).status_code == 302
    return lists.by_slug(slug)


def settle(editor: Visitor, question: Question, **answer: str) -> int:
    return editor.post(f"/staff/tables/questions/{question.id}", data=answer).status_code


def take_over(editor: Visitor) -> tuple[ImportedTable, PowerList]:
    """The annex read, settled and taken over into a new list."""
    upload = hand_in(editor)
    power_list = found_list(editor)
    table = upload.tables[0]
    editor.post(f"/staff/tables/{table.id}/aim", data={"list": power_list.slug})
    for question in table.questions:
        action = {"department_unknown": "create", "remark_understood": "confirm"}[question.code]
        assert settle(editor, question, action=action) == 302
    assert editor.post(f"/staff/tables/{table.id}/apply").status_code == 302
    return table, power_list


def fill_profile(power_list: PowerList) -> None:
    """As a list of the same policy would have handed it on."""
    values = {"seal": "own"}
    fields = (
        "receive",
        "accept",
        "review",
        "decide",
        "stamp",
        "seal",
        "apply_at",
        "complaints",
        "respondent",
    )
    for mode in ("direct", "window"):
        for field in fields:
            entry = ProfileField(mode=mode, field=field, value=values.get(field, "place"), source="1")
            power_list.profile.append(entry)
    db.session.flush()


def test_from_an_annex_to_a_published_list(editor, approver, session):
    upload = hand_in(editor)
    assert upload.file.name == "附件1.csv"
    page = editor.get(f"/staff/imports/{upload.id}/", follow_redirects=True).text
    assert "要您决定" in page
    assert "还没有登记过“市火星局”" in page
    assert "请确认例外" in page
    assert "各功能区" in page
    table = upload.tables[0]
    assert "还有 2 处没有处理" in page
    power_list = found_list(editor)
    editor.post(f"/staff/tables/{table.id}/aim", data={"list": power_list.slug})
    refused = editor.post(f"/staff/tables/{table.id}/apply")
    assert refused.status_code == 422
    assert session.scalars(select(Delegation)).all() == []
    unknown, remark = sorted(table.questions, key=lambda each: each.code)
    assert settle(editor, unknown, action="create") == 302
    assert editor.post(f"/staff/tables/{table.id}/confirm").status_code == 302
    page = editor.get(f"/staff/tables/{table.id}/").text
    assert "新增 3 项" in page
    assert editor.post(f"/staff/tables/{table.id}/apply").location == f"/staff/lists/{power_list.id}/"
    page = editor.get(f"/staff/lists/{power_list.id}/").text
    assert "还没有填完" in page
    fill_profile(power_list)
    form = {"effective_on": "", "reason": "第一次公布"}
    assert editor.post(f"/staff/lists/{power_list.id}/propose", data=form).status_code == 302
    proposal = session.scalars(select(Proposal)).one()
    assert "批准并公布" not in editor.get(f"/staff/proposals/{proposal.id}/").text
    forced = editor.post(f"/staff/proposals/{proposal.id}/approve", data={"note": ""})
    assert forced.status_code == 403
    assert "没有这项权限" in forced.text
    assert "第一次公布" in approver.get(f"/staff/proposals/{proposal.id}/").text
    assert proposal.title in approver.get("/staff/").text
    assert approver.post(f"/staff/proposals/{proposal.id}/approve", data={"note": "同意"}).status_code == 302
    running.work_off()
    assert session.scalars(select(Revision)).one().state is RevisionState.PUBLISHED
    assert "第 1 版" in editor.get(f"/staff/lists/{power_list.id}/").text
    assert remark.answer["action"] == "confirm"


def test_a_proposer_with_the_right_to_approve_is_still_refused(editor, approver, session, app):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    proposal = session.scalars(select(Proposal)).one()
    both = session.get(type(proposal.proposed_by), proposal.proposed_by_id)
    both.role = Role.APPROVER
    answer = editor.post(f"/staff/proposals/{proposal.id}/approve", data={"note": ""})
    assert answer.status_code == 403
    assert "批准人不能是送审人本人" in answer.text
    assert proposal.state is ProposalState.PROPOSED


def test_sending_back_needs_a_reason_and_opens_the_working_copy(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    proposal = session.scalars(select(Proposal)).one()
    row = power_list.delegations[0]
    change = {"mode": "window", "mode_label": "", "remark": "", "sub_items": ""}
    bound = editor.post(f"/staff/delegations/edit/?id={row.id}", data=change)
    assert bound.status_code == 409
    assert "已经送审" in bound.text
    assert approver.post(f"/staff/proposals/{proposal.id}/return", data={"note": ""}).status_code == 422
    assert approver.post(f"/staff/proposals/{proposal.id}/return", data={"note": "请改"}).status_code == 302
    assert "请改" in editor.get("/staff/").text
    assert editor.post(f"/staff/delegations/edit/?id={row.id}", data=change).status_code == 302


def test_a_rows_exceptions_are_written_as_people_write_them(editor, session):
    _table, power_list = take_over(editor)
    row = power_list.delegations[0]
    form = {
        "mode": "review",
        "mode_label": "审核权",
        "remark": "某备注",
        "exceptions-0-places": "任城区、各功能区",
        "exceptions-0-mode": "window",
        "exceptions-1-places": "微山县",
        "exceptions-1-mode": "collection",
        "sub_items": "甲部分\n\n乙部分",
    }
    assert editor.post(f"/staff/delegations/edit/?id={row.id}", data=form).status_code == 302
    session.refresh(row)
    named = {(each.place or each.group).name: each.mode.value for each in row.exceptions}
    assert named == {"任城区": "window", "各功能区": "window", "微山县": "collection"}
    assert [part.name for part in row.sub_items] == ["甲部分", "乙部分"]
    page = editor.get(f"/staff/delegations/edit/?id={row.id}").text
    assert 'value="任城区、各功能区"' in page
    wrong = editor.post(
        f"/staff/delegations/edit/?id={row.id}", data={**form, "exceptions-1-places": "火星县"}
    )
    assert wrong.status_code == 422
    assert "火星县" in wrong.text


def test_a_remark_read_wrongly_is_put_right(editor, session):
    upload = hand_in(editor)
    table = upload.tables[0]
    question = next(each for each in table.questions if each.code == "remark_understood")
    answer = {"action": "change", "places": ["任城区", ""], "mode": ["review", ""], "sub_items": ""}
    assert settle(editor, question, **answer) == 302
    session.refresh(question)
    assert question.answer["exceptions"] == [{"places": ["任城区"], "groups": [], "mode": "review"}]
    assert "任城区" in editor.get(f"/staff/tables/{table.id}/").text
    assert editor.post(f"/staff/tables/questions/{question.id}/reopen").status_code == 302
    session.refresh(question)
    assert question.answer is None


def test_an_answer_that_cannot_be_taken_is_said_in_place(editor, session):
    upload = hand_in(editor, ANNEX.replace("备案,其他行政权力,直接下放", "备案,其他行政权力,魔法"))
    question = next(each for each in upload.tables[0].questions if each.code == "mode_unknown")
    answer = editor.post(f"/staff/tables/questions/{question.id}", data={"action": "set", "value": "飞"})
    assert answer.status_code == 422
    assert "填在这里不行" in answer.text
    reasonless = {"action": "change", "places": ["任城区", ""], "mode": ["", ""], "sub_items": "甲"}
    remark = next(each for each in upload.tables[0].questions if each.code == "remark_understood")
    kept = editor.post(f"/staff/tables/questions/{remark.id}", data=reasonless)
    assert kept.status_code == 422
    assert 'value="任城区"' in kept.text
    assert "每条例外都要有地方和方式" in kept.text
    assert settle(editor, question, action="launch") == 422
    assert settle(editor, question, action="set", value="window") == 302


def test_a_list_founded_for_a_table_is_its_target(editor, session):
    table = hand_in(editor).tables[0]
    city = places.by_code("370800")
    scope = next(group for group in places.groups(city) if group.key != "zones")
    page = editor.get(f"/staff/lists/new?table={table.id}").text
    assert 'value="济政字〔2021〕30号"' in page
    assert 'value="济宁市（370800）"' in page
    form = {
        "title": table.title or "某清单",
        "policy": "济政字〔2021〕30号",
        "place": "济宁市",
        "scope": f"{scope.name}（济宁市）",
        "slug": "for-a-table",
    }
    answer = editor.post(f"/staff/lists/new?table={table.id}", data=form)
    assert answer.location == f"/staff/tables/{table.id}/"
    session.refresh(table)
    assert table.target_id == lists.by_slug("for-a-table").id


def test_the_same_file_again_changes_nothing(editor, session):
    _table, power_list = take_over(editor)
    again = hand_in(editor).tables[0]
    editor.post(f"/staff/tables/{again.id}/aim", data={"list": power_list.slug})
    editor.post(f"/staff/tables/{again.id}/confirm")
    assert "没有变化：3 项都一样" in editor.get(f"/staff/tables/{again.id}/").text


def test_a_file_that_cannot_be_read_says_so(editor):
    upload = hand_in(editor, "<html><body>清单</body></html>", name="清单.xls")
    page = editor.get(f"/staff/imports/{upload.id}/").text
    assert "这个文件读不了" in page
    assert upload.refusal in page


def test_progress_is_for_whoever_started_it_and_the_administrator(editor, approver, app, session):
    upload = hand_in(editor)
    run = session.get(Run, upload.run_id)
    assert editor.get(f"/staff/runs/{run.id}/").status_code == 200
    assert approver.get(f"/staff/runs/{run.id}/").status_code == 404
    fragment = editor.get(f"/staff/runs/{run.id}/", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    assert fragment.headers["HX-Refresh"] == "true"
    assert "HX-Request" in fragment.headers["Vary"]
    person(Role.ADMINISTRATOR)
    administrator = app.test_client()
    enter(administrator, "administrator")
    assert administrator.get(f"/staff/runs/{run.id}/").status_code == 200


def test_a_file_without_a_place_is_not_taken(editor, session):
    form = {"file": (BytesIO(b"a"), "a.csv"), "place": ""}
    answer = editor.post("/staff/imports/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert session.scalars(select(Upload)).all() == []


def test_a_published_mistake_is_closed_by_two_people(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    approver.post(f"/staff/proposals/{session.scalars(select(Proposal)).one().id}/approve", data={})
    running.work_off()
    revision = session.scalars(select(Revision)).one()
    address = f"/staff/revisions/{revision.id}/"
    assert approver.post(f"{address}close", data={"answer": "yes"}).status_code == 409
    assert editor.post(address, data={"reason": ""}).status_code == 422
    assert editor.post(address, data={"reason": "含有个人信息"}).status_code == 302
    assert "含有个人信息" in approver.get("/staff/").text
    assert editor.post(f"{address}close", data={"answer": "yes"}).status_code == 403
    assert approver.post(f"{address}close", data={}).status_code == 422
    assert revision.state is RevisionState.PUBLISHED
    assert approver.post(f"{address}close", data={"answer": "yes"}).status_code == 302
    session.refresh(revision)
    assert revision.state is RevisionState.CLOSED


def test_a_profile_field_is_said_with_its_source(editor, session):
    power_list = found_list(editor)
    address = f"/staff/profiles/{power_list.id}/review/apply_at"
    without = editor.post(address, data={"value": ["place", "issuer"], "source": ""})
    assert without.status_code == 422
    assert editor.post(address, data={"value": ["place", "issuer"], "source": "4"}).status_code == 302
    entry = session.scalars(select(ProfileField)).one()
    assert (entry.value, entry.source) == ("place,issuer", "4")
    assert editor.post(address, data={"value": ["moon"], "source": "4"}).status_code == 422
    assert editor.post(address, data={"source": ""}).status_code == 302
    assert session.scalars(select(ProfileField)).all() == []
    assert editor.get(f"/staff/profiles/{power_list.id}/undelegated/seal").status_code == 404
    assert editor.get(f"/staff/profiles/{power_list.id}/direct/nothing").status_code == 404


def test_a_matters_status_and_names(editor, session):
    take_over(editor)
    matter = session.scalar(select(Matter).where(Matter.name == "甲事项备案"))
    address = f"/staff/matters/edit/?id={matter.id}"
    form = {"status": "abolished", "status_since": "", "status_document": "", "names": "办甲\n办甲\n"}
    assert editor.post(address, data=form).status_code == 422
    odd = editor.post(address, data={**form, "status_since": "2021-13-45"})
    assert "日期请写成" in odd.text
    done = {**form, "status_since": "2022-01-02", "status_document": "某文件"}
    assert editor.post(address, data=done).status_code == 302
    session.refresh(matter)
    assert [each.name for each in matter.everyday_names] == ["办甲"]


def test_the_real_annex_passes_the_pages(editor, session):
    text = Path(ROOT / "portal/data/policies/jining-2021-30.txt").read_text("utf-8")
    upload = hand_in(editor, text, name="济政字〔2021〕30号.txt")
    page = editor.get(f"/staff/imports/{upload.id}/").text
    first = upload.tables[0]
    assert f"/staff/tables/{first.id}/" in page
    shown = editor.get(f"/staff/tables/{first.id}/").text
    assert len(re.findall("相符", shown)) >= 5
    assert "自行招用保安员单位备案等 4 项" in shown


def test_a_county_officer_names_points_duties_and_puts_them_forward(editor, approver, app, session):
    _table, power_list = take_over(editor)
    weishan = places.by_code("370826")
    person(Role.COUNTY_OFFICER, place=weishan)
    officer = app.test_client()
    assert enter(officer, "county-officer") == 302
    body = {"place": "微山县", "name": "微山县行政审批服务局", "kind": "approval_bureau"}
    assert editor.post("/staff/organisations/new/", data=body).status_code == 302
    assert 'value="微山县（370826）"' in officer.get("/staff/points/new/").text
    point = {"place": "微山县", "kind": "centre", "name": "微山县为民服务中心", "phone": "0537-8222222"}
    assert officer.post("/staff/points/new/", data=point).status_code == 302
    assert officer.get(f"/staff/uptakes/{weishan.id}/").status_code == 200
    other = places.by_code("370827")
    assert officer.get(f"/staff/uptakes/{other.id}/").status_code == 404
    assert officer.post(f"/staff/uptakes/{other.id}/propose", data={}).status_code == 404
    # The list is not public yet: a county does not learn of it.
    rule = {
        "place": "微山县",
        "power_list": power_list.slug,
        "role": "receiver",
        "organisation": "微山县行政审批服务局",
        "only_missing": "y",
    }
    assert officer.post("/staff/duties/many/", data=rule).status_code == 422
    assert editor.post("/staff/duties/many/", data=rule).status_code == 302
    assert "微山县行政审批服务局" in officer.get("/staff/duties/").text
    assert officer.post(f"/staff/uptakes/{weishan.id}/propose", data={"reason": "第一次"}).status_code == 302
    proposal = session.scalars(select(Proposal)).one()
    page = approver.get(f"/staff/proposals/{proposal.id}/").text
    assert "微山县为民服务中心" in page
    assert approver.post(f"/staff/proposals/{proposal.id}/approve", data={}).status_code == 302
    running.work_off()
    assert session.scalars(select(Revision)).one().state is RevisionState.PUBLISHED


def test_people_see_their_own_proposals_only(editor, approver, app, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    proposal = session.scalars(select(Proposal)).one()
    person(Role.COUNTY_OFFICER, place=places.by_code("370826"))
    officer = app.test_client()
    enter(officer, "county-officer")
    assert officer.get(f"/staff/proposals/{proposal.id}/").status_code == 404
    assert proposal.title not in officer.get("/staff/proposals/").text
    assert officer.post(f"/staff/proposals/{proposal.id}/withdraw").status_code == 404
    assert editor.post(f"/staff/proposals/{proposal.id}/withdraw").status_code == 302


def test_names_typed_in_another_order_are_no_difference(editor, approver, session):
    _table, power_list = take_over(editor)
    fill_profile(power_list)
    matter = session.scalar(select(Matter).where(Matter.name == "甲事项备案"))
    names = {
        "status": "unverified",
        "status_since": "",
        "status_document": "",
        "names": "乙叫法\n甲叫法\n丙叫法",
    }
    assert editor.post(f"/staff/matters/edit/?id={matter.id}", data=names).status_code == 302
    editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    approver.post(f"/staff/proposals/{session.scalars(select(Proposal)).one().id}/approve", data={})
    running.work_off()
    editor.post(f"/staff/matters/edit/?id={matter.id}", data={**names, "names": "丙叫法\n甲叫法\n乙叫法"})
    again = editor.post(f"/staff/lists/{power_list.id}/propose", data={})
    assert again.status_code == 422
    assert "没有可送审的改动" in again.text
