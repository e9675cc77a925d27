"""The staff pages of plans: who sees what, filing, deciding, asking for a paper (H-3, R-3)."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from portal.foundation.deadlines.rules import Terms
from portal.foundation.rights.rules import Role
from portal.powers.handovers import queries, service
from portal.powers.handovers.rules import PlanState
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor

__all__ = ["fresh_limits"]

ASKED = {
    "power_list": "liaocheng-2020",
    "paper": "另一份材料",
    "counting": "working_days",
    "amount": "5",
    "counts_from": "published",
    "basis": "《通知》三",
}


@pytest.fixture
def signed_in(app, client, owing):
    def as_role(role, place=None, organisation=None):
        account = person(role, login=f"at-the-door-{role.value}", place=place)
        account.posts[0].organisation = organisation
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return as_role


def hand_in(visitor, plan, content=b"plan"):
    form = {"file-file": (BytesIO(content), "方案.pdf"), "file-note": "盖章"}
    return visitor.post(f"/staff/handovers/{plan.id}/file", data=form, content_type="multipart/form-data")


def test_a_county_files_and_the_office_decides(signed_in, owing):
    officer = signed_in(Role.COUNTY_OFFICER, owing.shen, owing.government)
    editor = signed_in(Role.EDITOR)
    plan = owing.plan()
    page = f"/staff/handovers/{plan.id}/"
    assert "还有 30 天" in officer.get("/staff/handovers/").text
    assert "还有 2 项没有写明承接单位" in officer.get(page).text
    assert hand_in(officer, plan, b"").status_code == 422
    assert hand_in(officer, plan).status_code == 302
    assert "审核第 1 次报送" not in officer.get(page).text
    assert "认可或退回" in editor.get("/staff/").text
    assert "审核第 1 次报送" in editor.get(page).text
    saved = editor.get(f"{page}filings/1/file")
    assert (saved.data, saved.headers["Content-Disposition"].split(";")[0]) == (b"plan", "attachment")
    assert officer.post(f"{page}filings/1/accept").status_code == 403
    empty = editor.post(f"{page}filings/1/return", data={"verdict-words": " "})
    assert (empty.status_code, "请写明退回的理由" in empty.text) == (422, True)
    given = {"verdict-words": "缺附件", "verdict-until": "2026-05-06"}
    assert editor.post(f"{page}filings/1/return", data=given).status_code == 302
    assert "上次退回的理由：缺附件" in officer.get(page).text
    assert "2026年5月6日" in officer.get(page).text
    assert hand_in(officer, plan, b"better").status_code == 302
    assert editor.post(f"{page}filings/1/accept").status_code == 409
    assert editor.post(f"{page}filings/2/accept", data={"verdict-words": ""}).status_code == 302
    assert owing.plan().state is PlanState.ACCEPTED
    assert hand_in(officer, plan).status_code == 409
    english = officer.get(f"{page}?lang=en").text
    assert "Accepted" in english


def test_nobody_sees_another_county_s_plan(signed_in, owing):
    stranger = signed_in(Role.COUNTY_OFFICER, owing.city.county("临清市"))
    service.file(owing.plan(), BytesIO(b"x"), name="方案.pdf", by=owing.officer)
    page = f"/staff/handovers/{owing.plan().id}/"
    assert "莘县" not in stranger.get("/staff/handovers/").text
    for address in (page, f"{page}filings/1/file", "/staff/handovers/999/", f"{page}filings/9/file"):
        assert stranger.get(address).status_code == 404
    assert hand_in(stranger, owing.plan()).status_code == 404
    assert stranger.get("/staff/handovers/terms/new").status_code == 403


def test_the_administrator_has_no_say(signed_in):
    assert signed_in(Role.ADMINISTRATOR).get("/staff/handovers/").status_code == 403


def test_the_office_sees_everybody_at_a_glance(signed_in, owing):
    page = signed_in(Role.APPROVER).get("/staff/handovers/").text
    assert "聊城市：6 个地方的进度" in page
    assert "莘县：等报送" in page
    assert "临清市：没有登记单位" in page
    nobody = owing.plan(owing.city.county("临清市"))
    assert (
        "临清市还没有登记政府或者管委会" in signed_in(Role.EDITOR).get(f"/staff/handovers/{nobody.id}/").text
    )


@pytest.mark.parametrize(
    ("changed", "terms"),
    [
        ({}, Terms.working(5)),
        ({"counting": "fixed_day", "on": "2026-06-30"}, Terms.fixed(date(2026, 6, 30))),
        ({"counting": "fixed_day"}, None),
        ({"amount": ""}, None),
        ({"amount": "0"}, None),
        ({"counting": "moons"}, None),
        ({"paper": ""}, None),
    ],
)
def test_the_office_asks_for_a_paper(signed_in, owing, changed, terms):
    editor = signed_in(Role.EDITOR)
    answer = editor.post("/staff/handovers/terms/new", data={**ASKED, **changed})
    assert answer.status_code == (302 if terms else 422)
    made = queries.terms_of(owing.power_list.id)[1:]
    assert [queries.counted(each) for each in made] == ([terms] if terms else [])
    assert all(len(queries.plans_of(each)) == len(owing.power_list.scope.members) for each in made)


RIGHT = {
    "counting": "calendar_days",
    "amount": "60",
    "counts_from": "published",
    "basis": "《通知》二",
    "seen": "0",
}


def test_the_office_puts_terms_right_and_sees_what_they_said(signed_in, owing):
    editor = signed_in(Role.EDITOR)
    (terms,) = queries.terms_of(owing.power_list.id)
    page = f"/staff/handovers/terms/{terms.id}"
    assert page in editor.get("/staff/handovers/").text
    assert 'value="30"' in editor.get(page).text
    for said in (
        RIGHT,
        {**RIGHT, "reason": "抄错", "amount": ""},
        {**RIGHT, "reason": "抄错", "counting": "x"},
    ):
        assert editor.post(page, data=said).status_code == 422
    assert editor.post(page, data={**RIGHT, "reason": "抄错<b>"}).status_code == 302
    assert queries.counted(terms) == Terms.calendar(60)
    shown = editor.get(page).text
    assert "现在：60 天，从清单公布那天数起" in shown
    assert "原来：30 天，从清单公布那天数起" in shown
    assert "抄错&lt;b&gt;" in shown
    assert "Before: 30 days, counted from" in editor.get(f"{page}?lang=en").text
    deadline = queries.deadline_of(owing.plan())
    assert "期限写错了，更正" in editor.get(f"/staff/deadlines/{deadline.id}/").text
    stale = editor.post(page, data={**RIGHT, "amount": "90", "reason": "再改"})
    assert (stale.status_code, "刚被别人更正过" in stale.text) == (409, True)
    fixed = {**RIGHT, "counting": "fixed_day", "on": "2026-02-30", "reason": "改", "seen": "1"}
    assert editor.post(page, data=fixed).status_code == 422


def test_only_the_office_puts_terms_right(signed_in, owing):
    (terms,) = queries.terms_of(owing.power_list.id)
    page = f"/staff/handovers/terms/{terms.id}"
    officer = signed_in(Role.COUNTY_OFFICER, owing.shen, owing.government)
    assert officer.get(page).status_code == 403
    assert officer.post(page, data={**RIGHT, "reason": "要更多时间"}).status_code == 403
    assert "更正期限" not in officer.get("/staff/handovers/").text
    editor = signed_in(Role.EDITOR)
    assert editor.get("/staff/handovers/terms/999").status_code == 404
    assert editor.get("/staff/handovers/terms/99999999999999999999").status_code == 404
