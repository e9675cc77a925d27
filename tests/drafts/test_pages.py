"""Forms with rows within, and forms that are sent elsewhere than where they stand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock
from portal.foundation.drafts import rules
from portal.foundation.drafts.models import Draft
from portal.foundation.rights.rules import Role
from portal.foundation.signins.sessions.models import SignIn
from portal.powers.lists.models import Delegation
from tests.lists.making import make_city, make_list, put_forward, row, take_over


@pytest.fixture
def proposal(session, valkey):
    city = make_city()
    power_list = make_list(city)
    take_over(city, power_list, [row(1, "甲"), row(2, "乙")])
    return put_forward(city, power_list)


def drafts(session):
    return session.scalars(select(Draft).order_by(Draft.id)).all()


def test_rows_within_a_form_are_kept(proposal, entering, session):
    editor = entering("wang")
    found = session.scalars(select(Delegation).order_by(Delegation.position)).first()
    address = f"/staff/delegations/edit/?id={found.id}"
    rows = {"exceptions-0-places": "莘县", "exceptions-7-places": "临清市", "exceptions-x-places": "no row"}
    answer = editor.post(address, data={**rows, "remark": "照文件", "draft": "asked"})
    (draft,) = drafts(session)
    assert dict(rules.read(draft.content)[0]) == {
        "exceptions-0-places": "莘县", "exceptions-1-places": "临清市", "remark": "照文件",
    }  # fmt: skip
    page = editor.get(answer.location)
    assert page.status_code == 200
    for typed in ("莘县", "临清市", "照文件"):
        assert typed in page.text
    assert "no row" not in page.text


def test_a_word_on_a_decision_is_kept_at_the_page_where_it_stands(proposal, entering, session):
    approver = entering("zhang", Role.APPROVER)
    page = f"/staff/proposals/{proposal.id}/"
    said = {"note": "第 3 项请核对", "draft": "asked", "drafted_at": f"{page}?lang=en"}
    # Approving asks for a proof; keeping a word on it does not.
    for session_row in session.scalars(select(SignIn)):
        session_row.proved_at = clock.now().replace(year=2000)
    answer = approver.post(f"{page}approve", data=said)
    (draft,) = drafts(session)
    assert (answer.status_code, draft.address) == (302, page)
    assert "第 3 项请核对" in approver.get(answer.location).text
    assert "第 3 项请核对" not in approver.get(page).text
    assert proposal.state.open
    # Nobody else's page, no other record's, none at all.
    for forged in (
        "",
        "/staff/",
        "/staff/proposals/999/",
        "/staff/revisions/1/",
        "//example.org/staff/",
        "/matters/",
    ):
        assert approver.post(f"{page}return", data={**said, "drafted_at": forged}).status_code == 404
    assert len(drafts(session)) == 1
    back = approver.post(f"{page}return", data={"note": "第 3 项请核对", "drafted_at": page})
    assert back.status_code == 302
    assert not drafts(session)


def test_who_may_not_decide_keeps_no_word(proposal, entering, session):
    editor = entering("wang")
    page = f"/staff/proposals/{proposal.id}/"
    said = {"note": "x", "draft": "asked", "drafted_at": page}
    assert editor.post(f"{page}return", data=said).status_code == 403
    assert not drafts(session)
