"""Flask-Admin's open doors where several cities and departments share one house (DEPENDENCIES, Traps)."""

from __future__ import annotations

import pytest

from portal.db import db
from portal.foundation.accounts.models import Account, Post
from portal.foundation.publishing.models import Proposal
from portal.foundation.rights.rules import Role
from portal.oversight.tasks.models import ProgressReport, Task
from portal.powers.duties.models import Duty
from portal.powers.lists.models import PowerList
from portal.powers.matters.models import Matter


@pytest.fixture
def door(land):
    """A browser for a role, and the ids of records of a kind; what a test changes is taken back."""
    records, _held, visitors, connection = land

    def ids(*key):
        return [next(iter(kept.values.values())) for kept in records[key]]

    db.session.remove()
    point = connection.begin_nested()
    cookies = {role: dict(visitor._cookies) for role, visitor in visitors.items()}
    yield visitors, ids
    db.session.remove()
    point.rollback()
    for role, visitor in visitors.items():
        visitor._cookies = cookies[role]


def test_a_list_is_no_oracle_for_what_it_does_not_show(door):
    """Searching, sorting, filtering and paging within what one sees tells nothing of the rest."""
    visitors, _ids = door
    officer = visitors[Role.COUNTY_OFFICER]
    shown = officer.get("/staff/towns/").text
    assert "莘县" in shown
    assert "临清市" not in shown
    for query in (
        "search=临清",
        "search=%25",
        "sort=0&desc=1",
        "flt1_0=临清",
        "flt0_1=1",
        "page=2",
        "page_size=500",
    ):
        text = officer.get(f"/staff/towns/?{query}").text
        assert "宁阳县" not in text
        assert "临清市" not in text.replace('value="临清"', "")
    editor = visitors[Role.EDITOR]
    assert "共 2 条" in editor.get("/staff/matters/").text
    assert "没有找到" in editor.get("/staff/delegations/?search=泰安").text


def test_names_offered_are_those_one_may_know(door):
    visitors, _ids = door
    city = db.session.query(PowerList).filter_by(slug="there").one().place
    db.session.add(Matter(identity="geheim", place=city, name="秘密事项", type="10"))
    db.session.commit()
    address = "/staff/lookup/?kind=matter&field=matter&matter=秘密"
    assert "秘密事项" not in visitors[Role.EDITOR].get(address).text
    assert "秘密事项" not in visitors[Role.DEPARTMENT_OFFICER].get(address).text
    assert "秘密事项" in visitors[Role.AUDITOR].get(address).text


def test_nothing_of_another_department_is_attached(door):
    """A relation in a form leads to a record like any other: the verb asks whose it is."""
    visitors, ids = door
    officer = visitors[Role.DEPARTMENT_OFFICER]
    police = db.session.query(Matter).join(Matter.organisation).filter_by(name="市公安局").first()
    duty = db.session.get(Duty, ids("duties?id")[0])
    given = {
        "place": f"莘县（{duty.place.code}）",
        "role": "receiver",
        "organisation": duty.organisation.name,
        "matter": f"{police.name}（市公安局 {police.id}）",
    }
    before = db.session.query(Duty).count()
    answer = officer.post("/staff/duties/new/", data=given)
    assert answer.status_code in (403, 422)
    assert db.session.query(Duty).count() == before


def test_a_table_is_not_aimed_at_another_city_s_list(door):
    visitors, ids = door
    table = ids("table_id")[0]
    answer = visitors[Role.EDITOR].post(f"/staff/tables/{table}/aim", data={"list": "there"})
    assert answer.status_code == 422


def test_state_and_owner_of_a_proposal_cannot_be_posted(door):
    visitors, ids = door
    number = ids("proposal_id")[0]
    before = db.session.get(Proposal, number)
    facts = (before.state, before.proposed_by_id, before.decided_by_id, before.subject_id)
    given = {
        "state": "approved",
        "proposed_by_id": "1",
        "proposed_by": "1",
        "decided_by_id": "1",
        "subject_id": "2",
        "note": "",
    }
    for tail in ("approve", "withdraw", "return"):
        answer = visitors[Role.DEPARTMENT_OFFICER].post(f"/staff/proposals/{number}/{tail}", data=given)
        assert answer.status_code == 403
    assert visitors[Role.EDITOR].post(f"/staff/proposals/{number}/approve", data=given).status_code == 403
    after = db.session.get(Proposal, number)
    assert (after.state, after.proposed_by_id, after.decided_by_id, after.subject_id) == facts


def test_a_report_is_in_the_reporter_s_own_name(door):
    visitors, ids = door
    number = next(each for each in ids("task_id") if db.session.get(Task, each).leads[0].name == "市商务局")
    given = {
        "report-on": "2026-03-03",
        "on": "2026-03-03",
        "report-percent": "10",
        "percent": "10",
        "report-text": "开始了",
        "text": "开始了",
        "organisation_id": "1",
        "organisation": "市公安局",
        "by_id": "1",
    }
    visitors[Role.DEPARTMENT_OFFICER].post(f"/staff/tasks/{number}/report", data=given)
    (said,) = db.session.query(ProgressReport).filter_by(task_id=number)
    assert said.organisation.name == "市商务局"
    assert said.by.login == "as-department-officer"


def test_who_gave_a_post_and_to_whom_cannot_be_posted(door):
    visitors, _ids = door
    auditor = db.session.query(Account).filter_by(login="as-auditor").one()
    given = {
        "role": "auditor",
        "since": "",
        "until": "2099-01-01",
        "account_id": "1",
        "given_by_id": "1",
        "given_at": "2000-01-01",
    }
    auditor.posts[0].until = None
    for role, status in ((Role.EDITOR, 403), (Role.AUDITOR, 403), (Role.ADMINISTRATOR, 409)):
        answer = visitors[role].post(f"/staff/posts/{auditor.id}/new", data=given)
        assert answer.status_code == status, role
    given["role"] = "administrator"
    answer = visitors[Role.ADMINISTRATOR].post(f"/staff/posts/{auditor.id}/new", data=given)
    assert answer.status_code == 302
    post = db.session.query(Post).order_by(Post.id.desc()).first()
    assert (post.account.login, post.given_by.login) == ("as-auditor", "as-administrator")
    assert post.given_at.year > 2000
