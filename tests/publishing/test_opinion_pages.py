"""The staff pages of an adjustment: why, asking around, answering, and what the approver reads (P-5, R-3)."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from portal import clock
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.approvals import queries as papers
from portal.foundation.publishing.opinions.models import Opinion, OpinionRound
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Role
from portal.powers.lists import service as lists
from portal.powers.lists.adjusting.service import rename, split
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Visitor
from tests.lists.making import change, publish
from tests.rights.test_statements import statements

__all__ = ["fresh_limits"]


@pytest.fixture
def signed_in(app, client, city):
    def as_role(role, place=None):
        account = person(role, login=f"at-the-door-{role.value}-{place.code if place else 0}", place=place)
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return as_role


@pytest.fixture
def body(city, power_list):
    """A county's government, and a list whose working copy has changed."""
    made = organisations.add(city.county("莘县"), "莘县政府", kind=OrganisationKind.GOVERNMENT, by=None)
    publish(city, power_list)
    change(city, power_list, "另行通知")
    return made


def test_changes_of_powers_are_explained_before_they_are_put_forward(signed_in, city, power_list, body):
    """Each with reason and basis (P-5); words and numbers alone need none."""
    editor, changed = signed_in(Role.EDITOR), f"/staff/adjusting/{power_list.id}/"
    gone = power_list.delegations[1]
    lists.remove_delegation(gone, by=city.editor)
    assert "1 项还没有写" in editor.get(changed).text
    half = {"reason": "办件量少", "basis": ""}
    assert editor.post(f"{changed}why/{gone.matter_id}", data=half).status_code == 302
    assert "1 项还没有写" in editor.get(changed).text
    refused = editor.post(f"/staff/lists/{power_list.id}/propose", data={"reason": "试点"})
    assert (refused.status_code, "还有 1 项改动没有写理由和依据" in refused.text) == (422, True)
    said = {"reason": "法律改了", "basis": "《某法》第三条"}
    assert editor.post(changed, data=said).status_code == 302
    page = editor.get(changed).text
    # What was said of one change already stays when the rest is said of all.
    assert all(word in page for word in ("改理由和依据", "改文字", "《某法》第三条", "办件量少"))
    assert "法律改了" not in page
    assert "还没有写" not in page
    assert editor.post(f"/staff/lists/{power_list.id}/propose", data={"reason": "试点"}).status_code == 302


def test_what_only_moves_down_the_list_needs_no_reason(signed_in, city, power_list):
    publish(city, power_list)
    first, *rest = power_list.delegations
    split(first, ["甲一", "甲二"], by=city.editor)
    page = signed_in(Role.EDITOR).get(f"/staff/adjusting/{power_list.id}/").text
    assert "3 项还没有写" in page
    assert f"修改 0 项，去掉 1 项，只改序号 {len(rest)} 项" in page


def test_from_asking_to_the_approvers_page(signed_in, city, power_list, session, body):
    editor, officer = signed_in(Role.EDITOR), signed_in(Role.COUNTY_OFFICER, city.county("莘县"))
    other, approver = signed_in(Role.COUNTY_OFFICER, city.county("茌平区")), signed_in(Role.APPROVER)
    until = (clock.today() + timedelta(days=9)).isoformat()
    asking = {"bodies": [str(body.id)], "until": until, "question": "可以吗？"}
    assert editor.post(f"/staff/opinions/ask/{power_list.id}", data=asking).status_code == 302
    (made,) = session.query(OpinionRound).all()
    page = f"/staff/opinions/{made.opinions[0].id}/"
    blocked = editor.post(f"/staff/lists/{power_list.id}/propose", data={"reason": "试点"})
    assert (blocked.status_code, "请写明为什么不等" in blocked.text) == (422, True)
    assert "可以吗？" in officer.get(page).text
    assert other.get(page).status_code == 404
    assert officer.get(f"/staff/opinions/rounds/{made.id}/").status_code == 404
    assert officer.post(page, data={"stance": "object", "words": ""}).status_code == 422
    answer = {"stance": "object", "words": "专业性太强", "file": (BytesIO(b"x"), "复函.pdf")}
    assert officer.post(page, data=answer, content_type="multipart/form-data").status_code == 302
    assert officer.get(f"{page}file").data == b"x"
    assert other.get(f"{page}file").status_code == 404
    assert editor.post(f"/staff/lists/{power_list.id}/propose", data={"reason": "试点"}).status_code == 302
    proposal = publishing.open_proposal(Subject.LIST, power_list.id)
    shown = approver.get(f"/staff/proposals/{proposal.id}/").text
    assert all(word in shown for word in ("莘县政府", "不同意", "专业性太强", "改文字"))
    assert "Objection" in approver.get(f"/staff/proposals/{proposal.id}/?lang=en").text
    assert "1 个已回复" in editor.get("/staff/opinions/").text
    assert "没有征求过" in other.get("/staff/opinions/").text


def test_an_approver_attaches_the_stamped_approval(signed_in, city, power_list):
    revision = publish(city, power_list)
    editor, approver = signed_in(Role.EDITOR), signed_in(Role.APPROVER)
    page = f"/staff/proposals/{revision.proposal_id}/"

    def hand_in(visitor, content):
        form = {"paper-file": (BytesIO(content), "批件.pdf")}
        return visitor.post(f"{page}approvals", data=form, content_type="multipart/form-data").status_code

    assert hand_in(editor, b"%PDF-1.7") == 403
    assert hand_in(approver, b"<html>") == 422
    assert hand_in(approver, b"%PDF-1.7") == 302
    (made,) = papers.of(revision.proposal_id)
    assert editor.get(f"{page}approvals/{made.id}").data == b"%PDF-1.7"
    assert approver.post(f"{page}approvals/{made.id}/show").status_code == 302
    assert made.public
    assert "公众可以看" in editor.get(page).text


def test_why_it_is_not_waited_is_asked_only_where_somebody_is_asked(signed_in, power_list, body):
    editor, why = signed_in(Role.EDITOR), 'name="hurry"'
    assert why not in editor.get(f"/staff/lists/{power_list.id}/").text
    asking = {"bodies": [str(body.id)], "question": ""}
    undated = editor.post(f"/staff/opinions/ask/{power_list.id}", data=asking)
    assert (undated.status_code, "请填写这一项" in undated.text) == (422, True)
    asking["until"] = (clock.today() + timedelta(days=9)).isoformat()
    assert editor.post(f"/staff/opinions/ask/{power_list.id}", data=asking).status_code == 302
    assert why in editor.get(f"/staff/lists/{power_list.id}/").text


def test_however_many_askings_there_are_their_page_asks_no_more(signed_in, session, power_list, body):
    editor, until = signed_in(Role.EDITOR), (clock.today() + timedelta(days=9)).isoformat()
    asking = {"bodies": [str(body.id)], "until": until, "question": ""}
    assert editor.post(f"/staff/opinions/ask/{power_list.id}", data=asking).status_code == 302
    few, page = statements(editor, "/staff/opinions/")
    first = session.query(OpinionRound).one()
    for _again in range(20):
        told = {name: getattr(first, name) for name in ("subject", "subject_id", "base_number", "title")}
        made = OpinionRound(**told, content_hash=first.content_hash, asked_by_id=first.asked_by_id)
        made.opinions.append(Opinion(organisation_id=body.id))
        session.add(made)
    session.commit()
    many, longer = statements(editor, "/staff/opinions/")
    assert longer.count("/opinions/rounds/") == page.count("/opinions/rounds/") + 20
    assert many <= few


def test_what_is_merged_is_chosen_by_name_and_waits_on_the_first_page(
    signed_in, city, power_list, session, body
):
    publish(city, power_list)
    editor = signed_in(Role.EDITOR)
    first, *rest = power_list.delegations
    address = f"/staff/adjusting/merge/{first.id}"
    beside = [each for each in rest if each.matter.organisation_id == first.matter.organisation_id]
    other = [each for each in rest if each not in beside]
    page = editor.get(address).text
    assert f"{first.seq}. {first.matter.name}" in page
    assert [each.matter.name for each in beside if f"{each.seq}. {each.matter.name}" not in page] == []
    assert [each.matter.name for each in other if each.matter.name in page] == []
    assert "改好送审" not in editor.get("/staff/").text
    for chosen in ([], [str(first.id)], ["999999"], *([str(each.id)] for each in other)):
        assert editor.post(address, data={"others": chosen, "name": "甲乙"}).status_code == 422
    for each in other:
        rename(each, each.matter.name, first.matter.organisation, by=city.editor)
    session.commit()
    whole = {"others": [str(each.id) for each in rest], "name": "甲乙"}
    assert editor.post(address, data=whole).status_code == 302
    assert [each.matter.name for each in power_list.delegations] == ["甲乙"]
    assert "有改动，还没有送审" in editor.get("/staff/").text
    until = (clock.today() + timedelta(days=9)).isoformat()
    asking = {"bodies": [str(body.id)], "until": until, "question": "可以吗？"}
    assert editor.post(f"/staff/opinions/ask/{power_list.id}", data=asking).status_code == 302
    assert "还有 1 个单位没有回复意见" in editor.get("/staff/").text
    (made,) = session.query(OpinionRound).all()
    officer = signed_in(Role.COUNTY_OFFICER, city.county("莘县"))
    answer = {"stance": "agree", "words": "同意"}
    assert officer.post(f"/staff/opinions/{made.opinions[0].id}/", data=answer).status_code == 302
    assert "意见都回复了" in editor.get("/staff/").text
    assert "改好送审" not in officer.get("/staff/").text
    said = {"reason": "办件量少", "basis": "《某法》第三条"}
    assert editor.post(f"/staff/adjusting/{power_list.id}/", data=said).status_code == 302
    assert editor.post(f"/staff/lists/{power_list.id}/propose", data={"reason": "试点"}).status_code == 302
    assert "改好送审" not in editor.get("/staff/").text
