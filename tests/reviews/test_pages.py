"""The staff pages of reviews: who sees what, the form with a row for each matter, how often (P-9)."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.reviews import queries
from portal.powers.reviews.rules import Outcome, ReviewState, Said
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor

__all__ = ["fresh_limits"]


@pytest.fixture
def signed_in(app, client, owing):
    def as_role(role, organisation=None):
        login = f"door-{role.value}-{organisation.id if organisation else 0}"
        place = owing.city.place if role is Role.COUNTY_OFFICER else None
        account = person(role, login=login, place=place)
        account.posts[0].organisation = organisation
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return as_role


def filled(owing, **said):
    """The form as a browser sends it, all matters 保留 but for what is said."""
    matters = queries.matters(owing.due()[0])
    return {**{f"outcome_{each.matter_id}": "keep" for each in matters}, "note": "", **said}


def test_a_department_files_and_the_office_reads(signed_in, owing):
    officer = signed_in(Role.COUNTY_OFFICER, owing.commerce)
    review, _deadline = owing.due()
    page, third = f"/staff/reviews/{review.id}/", owing.matter("丙")
    assert "市公安局" not in officer.get("/staff/reviews/").text
    assert "还有 365 天" in officer.get("/staff/reviews/").text
    assert f"{page}form" in officer.get(page).text
    assert "甲" in officer.get(f"{page}form").text
    wanting = officer.post(f"{page}form", data=filled(owing, **{f"outcome_{third}": "take_back"}))
    assert (wanting.status_code, "第 3 项建议调整或者收回" in wanting.text) == (422, True)
    said = {f"outcome_{third}": "change", f"problems_{third}": "缺专家", f"volume_{third}": "7"}
    assert officer.post(f"{page}form", data=filled(owing, **said)).status_code == 302
    assert [each.outcome for each in review.lines] == [Outcome.KEEP, Outcome.CHANGE]
    assert officer.get("/staff/reviews/?part=filed").text.count("<strong>市商务局</strong>") == 1
    shown = signed_in(Role.APPROVER).get(page).text
    assert all(each in shown for each in ("缺专家", "办件 7 件", "建议调整", "已报送"))
    assert shown.index("丙") < shown.index("甲"), "what is to be read stands first"
    assert officer.post(f"{page}form", data=filled(owing)).status_code == 409
    assert officer.get(f"{page}form").status_code == 302, "what is filed is read, not filled in again"


@pytest.mark.parametrize(
    "said",
    [{"volume_{}": "-1"}, {"volume_{}": "viele"}, {"outcome_{}": "burn"}, {"problems_{}": "字" * 1001}],
)
def test_what_is_typed_wrong_comes_back(signed_in, owing, said):
    officer = signed_in(Role.COUNTY_OFFICER, owing.commerce)
    review, _deadline = owing.due()
    wrong = {name.format(owing.matter("甲")): value for name, value in said.items()}
    answer = officer.post(f"/staff/reviews/{review.id}/form", data=filled(owing, **wrong))
    assert answer.status_code == 422
    assert "第 1 项" in answer.text
    assert review.state is ReviewState.DUE


def test_nobody_sees_another_unit_s_review(signed_in, owing):
    page = f"/staff/reviews/{owing.due()[0].id}/"
    for stranger in (signed_in(Role.COUNTY_OFFICER, owing.police), signed_in(Role.COUNTY_OFFICER)):
        assert "市商务局" not in stranger.get("/staff/reviews/").text
        assert [stranger.get(each).status_code for each in (page, f"{page}form")] == [404, 404]
        assert stranger.post(f"{page}form", data=filled(owing)).status_code == 404
        assert stranger.get("/staff/reviews/terms/").status_code == 403
        assert stranger.post(f"/staff/reviews/terms/{owing.power_list.id}/start").status_code == 403
    assert signed_in(Role.ADMINISTRATOR).get("/staff/reviews/").status_code == 403


def test_the_office_sets_how_often_and_asks_at_once(signed_in, owing):
    editor = signed_in(Role.EDITOR)
    terms = f"/staff/reviews/terms/{owing.power_list.id}"
    assert "每 12 个月" in editor.get("/staff/reviews/terms/").text
    for months in ("0", "61", "", "x"):
        assert editor.post(terms, data={"months": months}).status_code == 422
    assert editor.post(terms, data={"months": "6", "basis": "三（二）"}).status_code == 302
    assert owing.due()[1].due_on == date(2026, 9, 2)
    for day in ("", "2026-03-02", "soon"):
        assert editor.post(f"{terms}/start", data={"on": day}).status_code == 422
    assert editor.post(f"{terms}/start", data={"on": "2026-06-30"}).status_code == 302
    assert owing.due()[1].due_on == date(2026, 6, 30)
    assert editor.get("/staff/reviews/terms/999").status_code == 404
    assert editor.get("/staff/reviews/999/").status_code == 404


def test_one_click_leads_to_the_matter_s_form(signed_in, owing):
    third = owing.matter("丙")
    review = owing.file(said={third: Said(Outcome.TAKE_BACK, 7, "缺专家")})
    line = next(each for each in review.lines if each.matter_id == third)
    editor, page = signed_in(Role.EDITOR), f"/staff/reviews/{line.review_id}/"
    address = f"{page}lines/{line.id}/adjust"
    assert editor.get(page).text.count("去调整") == 1
    answer = editor.post(address)
    assert answer.location == f"/staff/delegations/edit/?id={owing.power_list.delegations[2].id}"
    assert "接着调整" in editor.get(page).text
    assert page in editor.get(f"/staff/adjusting/{owing.power_list.id}/").text
    officer = signed_in(Role.COUNTY_OFFICER, owing.commerce)
    assert "去调整" not in officer.get(page).text
    assert officer.post(address).status_code == 403
    assert editor.post(f"{page}lines/999/adjust").status_code == 404
    lists.remove_delegation(owing.power_list.delegations[2], by=owing.editor)
    assert editor.post(address).location == page
    assert "已经不在清单里" in editor.get(page).text
