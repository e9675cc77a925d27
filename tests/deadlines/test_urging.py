"""Urging: a person points out what is late, once a day, and it is written down; the board shows where one may."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.errors import Conflict, Forbidden, Refused
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.board import owing
from portal.foundation.deadlines.board.rules import Part, Seen, Wanted
from portal.foundation.deadlines.rules import EventKind, PauseCause, Terms
from portal.foundation.deadlines.urging.queries import urged_on
from portal.foundation.deadlines.urging.service import urge
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import said
from tests.deadlines.conftest import MONDAY

EVERYTHING = Seen(everything=True)


def late(world, days=5, number=1, **given):
    return world.owe(number, terms=Terms.fixed(MONDAY - timedelta(days=days)), **given)


def test_the_unit_reads_what_by_when_and_on_what_basis(world, session):
    deadline = late(world, basis="济政字〔2021〕30号第2条")
    urge(deadline, by=world.approver)
    (notice,) = session.query(Notice)
    assert (notice.organisation, notice.kind) == (world.commerce, NoticeKind.DEADLINE)
    title, body = said(notice)
    assert title == "催办：第 1 件"
    assert body == (
        "市商务局：“第 1 件”的到期日是2026年2月25日，已过 5 天。依据：济政字〔2021〕30号第2条。"
        "请抓紧办理，办结后登记；有困难的，请告诉市政府办公室。"
    )
    newest = queries.events(deadline)[0]
    assert (newest.kind, newest.by, newest.note) == (EventKind.URGED, world.approver, "市商务局")
    # A person's word is no step of the clock's: reminders rise as if nobody had urged.
    assert deadline.reminded_level == 0


def test_once_a_day_whoever_asks(world, session, frozen):
    deadline = late(world)
    urge(deadline, by=world.approver)
    with pytest.raises(Conflict, match="今天"):
        urge(deadline, by=world.editor)
    frozen.shift(timedelta(days=1))
    urge(deadline, by=world.editor)
    assert session.query(Notice).count() == 2
    assert urged_on([deadline.id]) == {deadline.id: MONDAY + timedelta(days=1)}


def test_the_day_is_one_of_china_not_of_utc(world, frozen):
    deadline = late(world)
    frozen.move_to(clock.now().replace(hour=15, minute=59))
    urge(deadline, by=world.editor)
    frozen.shift(timedelta(minutes=2))
    assert clock.today() == MONDAY + timedelta(days=1)
    urge(deadline, by=world.editor)


def test_nothing_is_urged_that_is_not_late(world):
    today, done, history = late(world, days=0), late(world, number=2), late(world, number=3, history=True)
    service.fulfil(done, on=MONDAY, by=None)
    paused = world.owe(4, begin=MONDAY - timedelta(days=3))
    service.pause(paused, cause=PauseCause.TESTING, on=MONDAY, by=None)
    for each in (today, done, history, paused):
        with pytest.raises(Conflict):
            urge(each, by=world.editor)


def test_only_who_manages_deadlines_urges_and_nobody_the_own_unit(world):
    with pytest.raises(Forbidden):
        urge(late(world, owed_by=world.bureau), by=world.officer)
    with pytest.raises(Refused):
        urge(late(world, number=2, owed_by=world.office), by=world.editor)


def test_one_click_on_the_board_and_back_to_where_it_was(enter, world):
    deadline, own = late(world), late(world, number=2, owed_by=world.office)
    editor = enter(world.editor)
    page = editor.get("/staff/deadlines/?part=late").text
    address = f"/staff/deadlines/{deadline.id}/urge"
    assert f'action="{address}"' in page
    assert f"/staff/deadlines/{own.id}/urge" not in page
    answer = editor.post(address, data={"back": "/staff/deadlines/?part=late"})
    assert answer.location == "/staff/deadlines/?part=late"
    page = editor.get(answer.location).text
    assert "已经催办" in page
    assert "今天已催办" in page
    assert f'action="{address}"' not in page
    assert f'action="{address}"' not in editor.get(f"/staff/deadlines/{deadline.id}/").text
    again = editor.post(address, data={"back": "https://example.org/staff/"})
    assert again.location == f"/staff/deadlines/{deadline.id}/"
    assert "一天最多一次" in editor.get(again.location).text
    assert editor.get(address).status_code == 404
    assert editor.post("/staff/deadlines/999999/urge").status_code == 404


def test_an_officer_sees_no_button(enter, world):
    deadline = late(world, owed_by=world.bureau)
    officer = enter(world.officer)
    assert "/urge" not in officer.get("/staff/deadlines/").text
    assert officer.post(f"/staff/deadlines/{deadline.id}/urge").status_code == 403


def test_unit_by_unit_those_with_most_overdue_come_first(world):
    for number in range(1, 6):
        late(world, number=number, days=number)
    world.owe(6)
    late(world, number=7, days=90, owed_by=world.bureau)
    world.owe(8, owed_by=world.office)
    found = owing.by_unit(Wanted(EVERYTHING), MONDAY)
    assert [(each.unit, each.live, each.late, each.soon, each.more) for each in found] == [
        (world.commerce, 6, 5, 1, 3),
        (world.bureau, 1, 1, 0, 0),
        (world.office, 1, 0, 1, 0),
    ]
    assert [each.due_on for each in found[0].first] == [MONDAY - timedelta(days=days) for days in (5, 4, 3)]
    assert owing.size(Wanted(EVERYTHING), MONDAY) == 3
    (second,) = owing.by_unit(Wanted(EVERYTHING), MONDAY, offset=1, limit=1)
    assert second.unit is world.bureau
    soon = Wanted(EVERYTHING, part=Part.SOON)
    assert [each.unit for each in owing.by_unit(soon, MONDAY)] == [world.office, world.commerce]
    assert owing.size(soon, MONDAY) == 2


def test_a_unit_sees_its_own_alone_unit_by_unit(world):
    late(world)
    mine = late(world, number=2, owed_by=world.bureau)
    seen = Wanted(Seen(False, frozenset(), frozenset({world.weishan.id})))
    assert [each.first for each in owing.by_unit(seen, MONDAY)] == [[mine]]
    assert owing.size(seen, MONDAY) == 1


def test_the_board_is_read_unit_by_unit_or_row_by_row_and_keeps_what_it_is_narrowed_by(enter, world):
    late(world)
    editor = enter(world.editor)
    page = editor.get("/staff/deadlines/?part=late&kind=test&by=place").text
    assert "owed--units" in page
    assert "/staff/deadlines/?kind=test&amp;part=late&amp;by=place&amp;rows=all" in page
    rows = editor.get("/staff/deadlines/?part=late&kind=test&rows=all").text
    assert "owed--units" not in rows
    assert "第 1 件" in rows


def test_from_a_form_that_was_refused_one_goes_back_to_the_page_and_not_to_the_form(enter, world):
    deadline = late(world)
    editor = enter(world.editor)
    refused = editor.post(f"/staff/deadlines/{deadline.id}/extend", data={})
    assert refused.status_code == 422
    assert '<input type="hidden" name="back" value="">' in refused.text
    answer = editor.post(f"/staff/deadlines/{deadline.id}/urge", data={"back": ""})
    assert answer.location == f"/staff/deadlines/{deadline.id}/"
