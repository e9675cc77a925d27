"""Posts as the administrator gives and ends them, and handing on what a leaver has in hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock
from portal.foundation.accounts.models import Account, Post
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.registry import DeadlineKind
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations import service as organisations
from portal.foundation.rights.rules import COLUMNS, Right, Role
from tests.admin.conftest import enter, person

KIND = DeadlineKind("posts-test", "测试")


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def officer(app, weishan):
    account = person(Role.COUNTY_OFFICER, place=weishan)
    visitor = app.test_client()
    assert enter(visitor, account.login) == 302
    return account, visitor


def test_a_second_post_opens_more_and_its_end_shuts_it_at_once(administrator, officer, session, jining):
    account, visitor = officer
    number = account.id
    assert visitor.get("/staff/lists/").status_code == 403
    page = f"/staff/posts/{number}/"
    refused = administrator.post(f"{page}new", data={"role": "editor"})
    assert refused.status_code == 422
    assert "哪个地方" in refused.text
    given = {"role": "editor", "place": "济宁市（370800）", "since": "", "until": ""}
    assert administrator.post(f"{page}new", data=given).status_code == 302
    assert visitor.get("/staff/lists/").status_code == 200
    assert administrator.post(f"{page}new", data=given).status_code == 409
    post = session.scalars(select(Post).where(Post.role == Role.EDITOR)).one()
    asked = administrator.post(f"{page}{post.id}/end", data={"when": "day", "on": ""})
    assert asked.status_code == 422
    assert administrator.post(f"{page}{post.id}/end", data={"when": "now"}).status_code == 302
    # The other post still stands, but the session that began while this one was held is over.
    assert visitor.get("/staff/lists/").status_code == 302
    assert enter(visitor, account.login) == 302
    assert visitor.get("/staff/lists/").status_code == 403
    assert visitor.get("/staff/uptakes/").status_code == 200
    shown = administrator.get(page).text
    assert "已结束" in shown
    assert "微山县" in shown


def test_a_post_that_ran_out_ends_the_session_by_itself(officer, session):
    account, visitor = officer
    session.get(Account, account.id).posts[0].until = clock.today()
    assert visitor.get("/staff/uptakes/").status_code == 200
    session.get(Account, account.id).posts[0].until = clock.today().replace(year=2020)
    assert visitor.get("/staff/uptakes/").status_code == 302
    assert enter(visitor, account.login) == 422


def test_posts_are_nobody_else_s_business(as_role, officer):
    account, visitor = officer
    page = f"/staff/posts/{account.id}/"
    for other in (visitor, as_role(Role.EDITOR), as_role(Role.AUDITOR)):
        assert other.post(f"{page}new", data={"role": "administrator"}).status_code == 403
    assert as_role(Role.REGULATOR).get(page).status_code == 403


def test_the_table_of_rights_is_shown_whole(administrator, as_role):
    for visitor in (administrator, as_role(Role.DEPARTMENT_OFFICER)):
        answer = visitor.get("/staff/rights/?lang=en")
        assert answer.status_code == (200 if visitor is administrator else 403)
    text = administrator.get("/staff/rights/").text
    assert text.count("<tr>") == len(Right) + 1
    assert text.count('scope="col"') == len(COLUMNS) + 1


def test_a_leaver_s_deadlines_go_to_a_colleague(administrator, as_role, officer, session, weishan):
    account, _visitor = officer
    bureau = organisations.add(weishan, "微山县行政审批服务局", by=None)
    colleague = person(Role.COUNTY_OFFICER, login="colleague", place=weishan)
    for each in (session.get(Account, account.id), session.get(Account, colleague.id)):
        each.posts[0].organisation = bureau
    owed = deadlines.open(
        KIND,
        subject=("test", 1),
        owed_by=bureau,
        person=session.get(Account, account.id),
        title="报方案",
        begin=clock.today(),
        terms=Terms.calendar(30),
        by=None,
    )
    page = f"/staff/handing-on/{account.id}/"
    assert "1 件" in administrator.get("/staff/handing-on/").text
    assert "colleague" in administrator.get(page).text
    assert administrator.post(page, data={"to": str(10**6)}).status_code == 422
    assert as_role(Role.REGULATOR).post(page, data={"to": str(colleague.id)}).status_code == 403
    assert administrator.post(page, data={"to": str(colleague.id)}).status_code == 302
    session.refresh(owed)
    assert owed.person_id == colleague.id
