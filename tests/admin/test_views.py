"""Views of a list: kept by buttons, one's own alone, and never an error when the page has changed since."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Role
from portal.foundation.savedviews import rules
from portal.foundation.savedviews.models import SavedView

LIST = "/staff/organisations/"


@pytest.fixture
def editor(as_role, session, weishan):
    session.add_all(
        Organisation(name=name, place=weishan, email=f"{number}@example.cn")
        for number, name in enumerate(("商务局", "公安局", "教育局"))
    )
    session.flush()
    return as_role(Role.EDITOR)


def keep(visitor, parameters, **form):
    data = {"page": "organisations", "parameters": parameters, **form}
    return visitor.post(f"/staff/views/{'keep' if 'name' in form else 'remember'}", data=data)


def kept(session):
    return session.scalars(select(SavedView).order_by(SavedView.id)).all()


def heads(page):
    return re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?([^<]+)", page.text)


def test_columns_are_chosen_and_at_least_one_is_shown(editor):
    whole = heads(editor.get(LIST))
    assert len(whole) > 2
    assert heads(editor.get(f"{LIST}?column=email&column=name")) == ["名称", "收通知的邮箱"]
    assert "0@example.cn" not in editor.get(f"{LIST}?column=name").text
    assert heads(editor.get(f"{LIST}?column=nothing&column=")) == whole


def test_what_is_remembered_is_how_the_page_opens(editor, session):
    answer = keep(editor, "search=局&sort=name&desc=1&column=name&page=3&colour=red")
    assert answer.status_code == 302
    (view,) = kept(session)
    assert rules.read(view.parameters, {"search", "sort", "desc", "column"}) == [
        ("search", "局"), ("sort", "name"), ("desc", "1"), ("column", "name"),
    ]  # fmt: skip
    opened = editor.get(LIST)
    assert opened.status_code == 302
    page = editor.get(opened.location)
    assert heads(page) == ["名称"]
    assert page.text.index("教育局") < page.text.index("公安局")
    assert editor.get(f"{LIST}?view=all").status_code == 200
    assert editor.get(f"{LIST}?search=").status_code == 200
    keep(editor, "search=公安")
    assert [each.parameters for each in kept(session)] == ["search=%E5%85%AC%E5%AE%89"]


def test_a_name_stands_for_one_view_and_one_view_opens_the_page(editor, session):
    keep(editor, "search=a", name="甲", opens="1")
    keep(editor, "search=b", name="乙", opens="1")
    keep(editor, "search=c", name=" 甲 ")
    first, second = kept(session)
    assert (first.name, first.parameters, first.opens) == ("甲", "search=c", False)
    assert (second.name, second.opens) == ("乙", True)
    assert 'aria-current="true">甲' in editor.get(f"{LIST}?search=c").text


def test_views_are_renamed_chosen_and_removed(editor, session):
    keep(editor, "search=a", name="甲")
    keep(editor, "search=b", name="乙")
    first, second = (each.id for each in kept(session))
    assert editor.post(f"/staff/views/{first}/rename", data={"name": "乙"}).status_code == 409
    assert editor.post(f"/staff/views/{first}/rename", data={"name": " "}).status_code == 422
    assert editor.post(f"/staff/views/{first}/rename", data={"name": "丙"}).status_code == 302
    editor.post(f"/staff/views/{first}/opens", data={"opens": "1"})
    assert "search=a" in editor.get(LIST).location
    editor.post(f"/staff/views/{first}/opens", data={"opens": "0"})
    assert editor.get(LIST).status_code == 200
    editor.post(f"/staff/views/{second}/remove")
    page = editor.get("/staff/views/").text
    assert "丙" in page
    assert "乙" not in page


def test_another_s_view_is_not_there(editor, as_role, session):
    keep(editor, "search=a", name="甲的秘密")
    (view,) = kept(session)
    other = as_role(Role.APPROVER)
    assert "甲的秘密" not in other.get(LIST).text + other.get("/staff/views/").text
    for verb in ("rename", "opens", "remove"):
        answer = other.post(f"/staff/views/{view.id}/{verb}", data={"name": "x", "opens": "1"})
        assert answer.status_code == 404
    session.refresh(view)
    assert (view.name, view.opens) == ("甲的秘密", False)


@pytest.mark.parametrize(
    "parameters", ["colour=red", "sort=gone&column=gone", "%ff%00;;&&=", "status=%C3%28"]
)
def test_an_outdated_view_is_the_list_as_it_is(editor, session, parameters):
    keep(editor, "search=a", name="甲", opens="1")
    kept(session)[0].parameters = parameters
    session.flush()
    answer = editor.get(LIST, follow_redirects=True)
    assert answer.status_code == 200
    assert "共 3 条" in answer.text
    assert editor.get("/staff/views/").status_code == 200


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"page": "accounts", "parameters": "search=a", "name": "甲"}, 404),
        ({"page": "nothing", "parameters": "search=a", "name": "甲"}, 404),
        ({"page": "home", "parameters": "search=a", "name": "甲"}, 404),
        ({"page": "organisations", "parameters": "", "name": "甲"}, 422),
        ({"page": "organisations", "parameters": "page=2", "name": "甲"}, 422),
        ({"page": "organisations", "parameters": "search=a", "name": "\n\u200b"}, 422),
        ({"page": "organisations", "parameters": "search=a", "name": "字" * 41}, 422),
        ({}, 404),
    ],
)
def test_what_cannot_be_kept_is_refused(editor, session, form, status):
    assert editor.post("/staff/views/keep", data=form).status_code == status
    assert session.scalar(select(func.count(SavedView.id))) == 0


def test_views_do_not_become_countless(editor, session):
    for number in range(rules.MOST_VIEWS):
        assert keep(editor, f"search={number}", name=f"第{number}个").status_code == 302
    assert keep(editor, "search=x", name="多").status_code == 422
    assert keep(editor, "search=x", name="第0个").status_code == 302


def test_looking_writes_nothing(editor, session):
    editor.get(f"{LIST}?search=a&column=name&sort=name")
    assert kept(session) == []


def test_a_narrowing_leaves_out_and_an_odd_one_is_left_aside(as_role, session):
    administrator = as_role(Role.ADMINISTRATOR)
    assert "共 1 条" in administrator.get("/staff/accounts/?active=yes").text
    assert "没有找到" in administrator.get("/staff/accounts/?active=no").text
    for odd in ("x", "True", "", "yes' OR 1=1"):
        assert "共 1 条" in administrator.get("/staff/accounts/", query_string={"active": odd}).text


@pytest.mark.parametrize(
    ("key", "asked", "part"),
    [
        ("tasks", "state=late", "state=done"),
        ("deadlines", "part=late", "week=2026-03-02"),
        ("record", "act=sign_in", "before=9"),
    ],
)
def test_tasks_deadlines_and_the_record_open_as_they_were_left(as_role, key, asked, part):
    visitor = as_role(Role.AUDITOR if key == "record" else Role.EDITOR)
    page = f"/staff/{key}/"
    assert "存下" not in visitor.get(page).text
    assert "存下" in visitor.get(f"{page}?{asked}").text
    visitor.post("/staff/views/keep", data={"page": key, "parameters": asked, "name": "我的", "opens": "1"})
    assert visitor.get(page).location == f"{page}?{asked}"
    shown = visitor.get(f"{page}?{asked}").text
    assert 'aria-current="true">我的' in shown
    assert f'href="{page}?view=all"' in shown
    assert visitor.get(f"{page}?view=all").status_code == 200
    assert visitor.get(f"{page}?{part}").status_code == 200
    assert f"{page}?lang=en&{asked}" in visitor.get(f"{page}?lang=en").location
