"""Forms that are left half-filled: kept where saving would go, found again, gone once saved."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal import clock
from portal.foundation.accounts.models import Account
from portal.foundation.audit.models import Entry
from portal.foundation.drafts import rules
from portal.foundation.drafts.models import Draft
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Role

NEW = "/staff/organisations/new/"
TYPED = {"name": "市商务局", "email": "电话 13805370000", "other_names": "甲\n乙"}


@pytest.fixture
def edit(body):
    return f"/staff/organisations/edit/?id={body.id}"


@pytest.fixture
def wang(entering):
    return entering("wang")


def keep(visitor, address, how="asked", **typed):
    return visitor.post(address, data={**TYPED, **typed, "draft": how})


def drafts(session):
    return session.scalars(select(Draft).order_by(Draft.id)).all()


def opened(page):
    return re.search(r'name="opened" value="([^"]+)"', page.text)[1]


def test_what_was_typed_is_kept_unchecked_and_the_record_stays(wang, session, body, edit):
    keep(wang, edit)
    before = session.scalar(select(Entry.number).order_by(Entry.number.desc()))
    answer = keep(wang, edit, kind="no kind at all", owner="forged", csrf_token="x", password="secret")
    (draft,) = drafts(session)
    assert answer.status_code == 302
    assert answer.location == f"{edit}&draft={draft.id}#draft"
    assert draft.address == edit
    assert dict(rules.read(draft.content)[0]) == {**TYPED, "kind": "no kind at all"}
    assert session.get(Organisation, body.id).name == "商务局"
    # At rest it is unreadable, and the record tells nothing of it.
    assert "13805370000" not in session.scalar(text("SELECT content FROM drafts"))
    assert session.scalar(select(Entry.number).order_by(Entry.number.desc())) == before
    keep(wang, edit, name="改了")
    (again,) = drafts(session)
    assert dict(rules.read(again.content)[0])["name"] == "改了"


def test_it_is_offered_used_and_removed_and_looking_writes_nothing(wang, session, edit):
    keep(wang, edit)
    (draft,) = drafts(session)
    plain = wang.get(edit).text
    assert "存过草稿" in plain
    assert "市商务局" not in plain
    used = wang.get(f"{edit}&draft={draft.id}").text
    assert 'value="市商务局"' in used
    assert "13805370000" in used
    assert "下面是您" in used
    # In English the way there and back stays English.
    assert f"draft={draft.id}&amp;lang=en" in wang.get(f"{edit}&lang=en").text
    former = draft.id
    answer = wang.post(f"/staff/drafts/{former}/remove", data={"back": edit})
    assert (answer.status_code, answer.location) == (302, edit)
    assert not drafts(session)
    assert 'class="drafts"' not in wang.get(f"{edit}&draft={former}").text


def test_saving_takes_it_away_and_a_refusal_does_not(wang, session, body, edit):
    keep(wang, edit)
    stamp = opened(wang.get(edit))
    said = {"kind": "department", "opened": stamp}
    assert wang.post(edit, data={**TYPED, **said, "name": ""}).status_code == 422
    assert len(drafts(session)) == 1
    assert wang.post(edit, data={**TYPED, **said, "email": "a@example.cn"}).status_code == 302
    assert session.get(Organisation, body.id).name == "市商务局"
    assert not drafts(session)


def test_a_draft_made_before_a_change_tells_of_it(wang, entering, session, body, edit):
    keep(wang, edit, opened=opened(wang.get(edit)))
    (draft,) = drafts(session)
    li = entering("li")
    theirs = {
        "name": "商务局",
        "kind": "department",
        "email": "new@example.cn",
        "opened": opened(li.get(edit)),
    }
    assert li.post(edit, data=theirs).status_code == 302
    page = wang.get(f"{edit}&draft={draft.id}")
    assert page.status_code == 200
    assert "您打开以后别人改了什么" in page.text
    assert 'value="市商务局"' in page.text
    mine = {**TYPED, "email": "a@example.cn", "kind": "department", "opened": opened(page)}
    assert wang.post(edit, data=mine).status_code == 409
    assert session.get(Organisation, body.id).email == "new@example.cn"
    state = re.search(r'name="anyway" value="([^"]+)"', page.text)[1]
    assert wang.post(edit, data={**mine, "anyway": state}).status_code == 302
    assert session.get(Organisation, body.id).email == "a@example.cn"


def test_who_else_has_it_open_is_told_for_a_while(wang, entering, session, edit):
    li = entering("li")
    keep(wang, edit, "typed")
    page = li.get(edit).text
    assert "正在填这里" in page
    assert "市商务局" not in page
    assert "正在填这里" not in wang.get(edit).text
    # New records are nobody's, so that two who enter them are told nothing.
    keep(wang, NEW)
    assert "正在填这里" not in li.get(NEW).text
    for draft in drafts(session):
        draft.changed_at = clock.now() - rules.SITTING - timedelta(seconds=1)
    session.flush()
    assert "正在填这里" not in li.get(edit).text


def test_htmx_gets_a_sentence(wang, session, edit):
    answer = keep(wang, edit, "typed")
    assert answer.status_code == 200
    assert re.fullmatch(r'\s*<span class="drafted">已存草稿 \d\d:\d\d</span>\s*', answer.text)
    long = keep(wang, edit, "typed", other_names="长" * 30000)
    assert (long.status_code, "64 KB" in long.text) == (200, True)
    assert dict(rules.read(drafts(session)[0].content)[0]) == TYPED


def test_too_much_comes_back_with_a_sentence(wang, session, edit):
    answer = keep(wang, edit, other_names="长" * 30000)
    assert answer.status_code == 413
    assert "64 KB" in answer.text
    assert "市商务局" in answer.text
    many = {f"field-{number}": "x" for number in range(10000)}
    assert keep(wang, edit, **many).status_code == 302
    assert dict(rules.read(drafts(session)[0].content)[0]) == TYPED


def test_a_person_keeps_so_many(wang, session):
    account = session.scalar(select(Account).where(Account.login == "wang"))
    now = clock.now()
    session.add_all(
        Draft(
            account=account, address=f"/staff/{n}", form="F:", content="{}", sitting_since=now, changed_at=now
        )
        for n in range(rules.MOST_DRAFTS)
    )
    session.flush()
    answer = keep(wang, NEW)
    assert answer.status_code == 422
    assert "我的账号" in answer.text


def test_drafts_are_nobody_elses(wang, entering, session, edit):
    keep(wang, edit)
    (draft,) = drafts(session)
    li = entering("li")
    for address in (f"{edit}&draft={draft.id}", "/staff/drafts/"):
        assert "市商务局" not in li.get(address).text
    assert li.post(f"/staff/drafts/{draft.id}/remove").status_code == 404
    assert drafts(session)
    # Nor does a right to read everything open them.
    auditor = entering("auditor", Role.AUDITOR)
    assert auditor.post(f"/staff/drafts/{draft.id}/remove").status_code == 404


def test_nobody_keeps_what_they_may_not_fill_in(entering, client, session, edit):
    officer = entering("officer", Role.AUDITOR)
    assert keep(officer, edit).status_code == 403
    assert keep(client, edit).status_code in (302, 400)
    editor = entering("zhao")
    assert keep(editor, "/staff/organisations/edit/?id=999999").status_code == 404
    assert not drafts(session)


def test_a_request_for_a_draft_does_nothing_else(wang, session, body):
    """Where a verb asks for no long form, the word `draft` must not let one through either."""
    views = {"page": "organisations", "parameters": "search=a", "name": "甲", "draft": "asked"}
    assert wang.post("/staff/views/keep", data=views).status_code == 404
    assert wang.post("/staff/own/language", data={"language": "en", "draft": "asked"}).status_code == 404
    assert not drafts(session)


def test_they_stand_on_the_home_and_on_a_page_of_their_own(wang, entering, session, body, edit):
    keep(wang, edit)
    keep(wang, NEW, name="一个很长的名字" * 9)
    pages = wang.get("/staff/drafts/").text
    assert "机构：商务局" in pages
    assert "机构：" + ("一个很长的名字" * 9)[:40] + "…" in pages
    assert "接着填" in wang.get("/staff/").text
    assert ">2</span>" in wang.get("/staff/own/").text
    # After the post is lost the pages are closed; what is left can still be removed.
    account = session.scalar(select(Account).where(Account.login == "wang"))
    account.posts[0].role = Role.AUDITOR
    session.flush()
    left = wang.get("/staff/drafts/")
    assert left.status_code == 200
    assert wang.get(drafts(session)[1].address).status_code == 403
    for draft in drafts(session):
        wang.post(f"/staff/drafts/{draft.id}/remove")
    assert not drafts(session)
    assert "接着填" not in wang.get("/staff/").text


def test_the_way_back_leads_nowhere_else(wang, session, edit):
    for back in ("https://example.org/", "//example.org/staff/", "/staff/none/", "/"):
        keep(wang, edit)
        (draft,) = drafts(session)
        answer = wang.post(f"/staff/drafts/{draft.id}/remove", data={"back": back})
        assert answer.location == "/staff/drafts/"


def test_a_draft_outlives_its_record_until_it_is_removed(wang, session, body, edit):
    keep(wang, edit)
    session.delete(body)
    session.flush()
    page = wang.get("/staff/drafts/")
    assert page.status_code == 200
    (draft,) = drafts(session)
    assert wang.get(f"{edit}&draft={draft.id}").status_code == 404
    assert keep(wang, edit, name="还在填").status_code == 404
    assert wang.post(f"/staff/drafts/{draft.id}/remove", data={"back": edit}).status_code == 302
    assert not drafts(session)
