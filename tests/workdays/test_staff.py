"""A year is typed or pasted, previewed, and saved as it was previewed."""

from __future__ import annotations

import re

import pytest

from portal.foundation.rights.rules import Role
from portal.foundation.workdays import queries, registry, service
from portal.foundation.workdays.reading.rules import read
from tests.admin.conftest import as_role, fresh_limits, jining, quick_passwords, weishan

__all__ = ["as_role", "fresh_limits", "jining", "quick_passwords", "weishan"]

ADDRESS = "/staff/workdays/2027/edit"
SOURCE = "《国务院办公厅关于2027年部分节假日安排的通知》"
NOTICE = """一、元旦：2027年1月1日（周五）至3日（周日）放假，共3天。
七、国庆节：10月1日至7日放假调休，共7天。9月26日（星期日）、10月9日（星期六）上班。鼓励职工在10月8日休息。"""


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def typed(text=NOTICE, **more):
    return {"lines": text, "source": SOURCE, "seen": "0", "previewed": "", **more}


def test_a_year_is_previewed_before_it_is_saved(as_role, monkeypatch):
    monkeypatch.setattr(registry, "MOVERS", [lambda _calendar, days: len(days)])
    editor = as_role(Role.EDITOR)
    assert "预计" in editor.get("/staff/workdays/2027/").text
    first = editor.post(ADDRESS, data=typed(answer="yes"))
    # Nothing was seen yet, so that nothing is saved.
    assert first.status_code == 200
    assert "从“预计”变成“已公布”" in first.text
    assert "有 8 个的到期日会变" in first.text
    assert "鼓励职工在10月8日休息" in first.text
    assert queries.version() == 0
    seen = hidden(first.text, "previewed")
    other = editor.post(
        ADDRESS,
        data=typed(NOTICE.replace("至7日", "至8日").replace("共7天", "共8天"), previewed=seen, answer="yes"),
    )
    # What was typed since was not previewed.
    assert other.status_code == 200
    assert queries.version() == 0
    saved = editor.post(ADDRESS, data=typed(previewed=seen, answer="yes"))
    assert saved.status_code == 302
    calendar = queries.calendar()
    assert calendar.years[2027] == read(2027, NOTICE).year(SOURCE)
    page = editor.get(ADDRESS).text
    assert "2027-10-01 至 2027-10-07 放假；2027-09-26、2027-10-09 上班" in page
    assert hidden(page, "seen") == "1"


def test_flaws_are_all_said_and_nothing_is_offered_to_be_saved(as_role):
    editor = as_role(Role.EDITOR)
    text = NOTICE.replace("共3天", "共4天").replace("9月26日（星期日）", "9月24日（星期日）")
    answer = editor.post(ADDRESS, data=typed(text, answer="yes"))
    assert answer.status_code == 422
    for sentence in ("写明放假 4 天，读出来是 3 天", "日历上是星期五", "2027-09-24不是周末"):
        assert sentence in answer.text
    assert "就这样保存" not in answer.text
    assert editor.post(ADDRESS, data=typed("", answer="yes")).status_code == 422


def test_who_was_slower_is_told(as_role):
    editor = as_role(Role.EDITOR)
    seen = hidden(editor.post(ADDRESS, data=typed()).text, "previewed")
    service.announce(read(2027, NOTICE.splitlines()[0]).year(SOURCE), by=None, seen=0)
    answer = editor.post(ADDRESS, data=typed(previewed=seen, answer="yes"))
    assert answer.status_code == 409
    assert "刚被别人改过" in answer.text
    assert queries.version() == 1


def test_a_year_entered_by_mistake_is_taken_back(as_role):
    approver = as_role(Role.APPROVER)
    service.announce(read(2027, NOTICE).year(SOURCE), by=None, seen=0)
    address = "/staff/workdays/2027/take-back"
    assert approver.get(address).status_code == 200
    assert approver.post(address, data={"seen": "1"}).status_code == 422
    assert 2027 in queries.calendar().years
    assert approver.post(address, data={"seen": "1", "answer": "yes"}).status_code == 302
    assert 2027 not in queries.calendar().years
    assert approver.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.ADMINISTRATOR])
def test_others_look_and_do_not_change(as_role, role):
    visitor = as_role(role)
    service.announce(read(2027, NOTICE).year(SOURCE), by=None, seen=0)
    assert "/edit" not in visitor.get("/staff/workdays/").text
    assert "/edit" not in visitor.get("/staff/workdays/2027/").text
    for address in (ADDRESS, "/staff/workdays/2027/take-back"):
        assert visitor.get(address).status_code == 403
        assert visitor.post(address, data=typed(answer="yes")).status_code == 403
    assert queries.version() == 1


@pytest.mark.parametrize("number", [0, 1999, 2101, 10**12])
def test_years_that_cannot_be_entered_have_no_page(as_role, number):
    editor = as_role(Role.EDITOR)
    for rest in ("", "edit", "take-back"):
        assert editor.get(f"/staff/workdays/{number}/{rest}").status_code == 404


def test_whoever_may_enter_it_is_asked_for_the_next_year(as_role, frozen):
    frozen.move_to("2026-11-22T04:00:00+00:00")
    service.announce(read(2026, "元旦：1月1日放假").year(SOURCE), by=None, seen=0)
    approver, officer = as_role(Role.APPROVER), as_role(Role.COUNTY_OFFICER)
    assert 'href="/staff/workdays/2027/edit"' in approver.get("/staff/").text
    assert "/staff/workdays/" not in officer.get("/staff/").text
    service.announce(read(2027, NOTICE).year(SOURCE), by=None, seen=0)
    assert "/staff/workdays/2027" not in approver.get("/staff/").text
