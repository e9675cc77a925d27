"""The clerk's whole way through the staff pages, from an annex to a published list, by two people."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from sqlalchemy import select

from jobs import runs as running
from portal.config import ROOT
from portal.foundation.accounts.models import Post
from portal.foundation.imports.models import Upload
from portal.foundation.places import queries as places
from portal.foundation.publishing.models import Proposal, Revision
from portal.foundation.publishing.rules import ProposalState, RevisionState
from portal.foundation.rights.rules import Role
from portal.powers.lists import queries as lists
from portal.powers.lists.models import Delegation
from tests.admin.clerk import ANNEX, fill_profile, found_list, hand_in, settle, take_over


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
    both.posts.append(Post(role=Role.APPROVER))
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
        "kind": "delegation",
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


def test_a_file_without_a_place_is_not_taken(editor, session):
    form = {"file": (BytesIO(b"a"), "a.csv"), "place": ""}
    answer = editor.post("/staff/imports/new", data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert session.scalars(select(Upload)).all() == []


def test_the_real_annex_passes_the_pages(editor, session):
    text = Path(ROOT / "portal/data/policies/jining-2021-30.txt").read_text("utf-8")
    upload = hand_in(editor, text, name="济政字〔2021〕30号.txt")
    page = editor.get(f"/staff/imports/{upload.id}/").text
    first = upload.tables[0]
    assert f"/staff/tables/{first.id}/" in page
    shown = editor.get(f"/staff/tables/{first.id}/").text
    assert len(re.findall("相符", shown)) >= 5
    assert "自行招用保安员单位备案等 4 项" in shown
