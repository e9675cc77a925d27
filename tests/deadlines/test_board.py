"""The board and its pages: who sees what, what it counts, what it says of a date."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import event, text

from portal.errors import Forbidden, NotFound
from portal.foundation.deadlines import service
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.board.rules import By, Part, Seen, Wanted, column, heat, monday, weeks
from portal.foundation.deadlines.feeds import service as feeds
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.queries import address_of
from portal.foundation.deadlines.reminding.service import coming
from portal.foundation.deadlines.rules import PauseCause, State, Terms
from portal.sheets.writing import BOM
from tests.deadlines.conftest import MONDAY

ALL = Wanted(Seen(everything=True))
SMALL = ("ix_deadlines_live", "ix_deadlines_live_unit", "ix_deadlines_calendar", "ix_deadlines_done")
"""The indexes that hold what is owed, or what was done, and nothing else."""


def part(wanted):
    return Wanted(Seen(everything=True), part=wanted)


@pytest.fixture
def owing(world):
    """Late, due soon, due later, paused, done in time, done late, history."""
    for number, days in enumerate((-10, -1, 0, 7, 8, 40)):
        world.owe(number, terms=Terms.fixed(MONDAY + timedelta(days=days)), owed_by=world.commerce)
    paused = world.owe(10, owed_by=world.bureau)
    service.pause(paused, cause=PauseCause.TESTING, on=MONDAY, by=None)
    in_time, late = world.owe(11), world.owe(12, terms=Terms.fixed(MONDAY - timedelta(days=5)))
    for each in (in_time, late):
        service.fulfil(each, on=MONDAY, by=None)
    world.owe(13, begin=date(2021, 6, 15))
    return world


def test_each_part_holds_what_it_says(owing):
    counted = board.counts(ALL, MONDAY).parts
    expected = {Part.LATE: 2, Part.SOON: 2, Part.DUE: 2, Part.PAUSED: 1, Part.DONE: 1, Part.DONE_LATE: 1}
    assert counted == expected
    for each in (*expected, Part.HISTORY):
        assert board.size(part(each), MONDAY) == expected.get(each, 1)
        assert len(board.rows(part(each), MONDAY)) == expected.get(each, 1)
    assert board.size(ALL, MONDAY) == board.counts(ALL, MONDAY).live == 7


def test_what_was_done_long_ago_leaves_the_board(owing):
    later = MONDAY + timedelta(days=91)
    assert board.counts(ALL, later).parts[Part.DONE] == 0


def test_what_is_owed_is_found_by_its_own_small_indexes(owing, session):
    """Without them a board beside a million closed deadlines would read them all.

    Which of them is the planner's affair: to a table of fourteen rows all cost the same.
    """
    session.execute(text("SELECT 1"))
    postgres = session.get_bind().dialect.name == "postgresql"
    if postgres:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])), named=False)
    board.counts(ALL, MONDAY)
    board.heat_map(ALL, MONDAY)
    board.rows(ALL, MONDAY)
    coming(MONDAY)
    cursor = session.connection().connection.cursor()
    for statement, values in [each for each in asked if "FROM deadlines" in each[0]]:
        cursor.execute(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{statement}", values)
        plan = str(cursor.fetchall())
        assert any(index in plan for index in SMALL), (statement, plan)


def test_it_is_narrowed_by_unit_place_list_kind_and_week(owing):
    everything = Seen(everything=True)
    bureau, commerce = owing.bureau.id, owing.commerce.id
    assert board.size(Wanted(everything, owed_by=bureau), MONDAY) == 1
    assert board.size(Wanted(everything, place=owing.weishan.id), MONDAY) == 1
    assert board.size(Wanted(everything, kind="other"), MONDAY) == 0
    assert board.size(Wanted(everything, list_id=7), MONDAY) == 0
    assert board.size(Wanted(everything, owed_by=commerce, week=MONDAY), MONDAY) == 1


def test_the_heat_map_puts_the_most_overdue_first(owing):
    owing.owe(20, owed_by=owing.bureau)
    first, second = board.heat_map(ALL, MONDAY)
    assert (first.key, first.late, first.live) == (owing.commerce.id, 2, 6)
    assert (second.key, second.late, second.live) == (owing.bureau.id, 0, 1)
    assert sum(first.weeks.values()) == 6
    (kind,) = board.heat_map(ALL, MONDAY, By.KIND)
    assert (kind.key, kind.live) == ("test", 7)
    assert board.heat_map(ALL, MONDAY, By.LIST) == []
    assert {row.key for row in board.heat_map(ALL, MONDAY, By.PLACE)} == {owing.city.id, owing.weishan.id}


def test_a_unit_sees_its_own_and_what_concerns_its_place(owing):
    own, other = board.seen_by(owing.officer), board.seen_by(owing.stranger)
    assert [each.owed_by for each in board.rows(Wanted(own), MONDAY)] == [owing.bureau]
    assert list(board.rows(Wanted(other), MONDAY)) == []
    assert [each.id for each in board.units(own)] == [owing.bureau.id]
    deadline = board.rows(Wanted(own), MONDAY)[0]
    assert board.sees(own, deadline)
    assert not board.sees(other, deadline)


def test_weeks_and_heat():
    today = date(2026, 3, 4)
    shown = weeks(today)
    assert monday(today) in shown
    assert {each.weekday() for each in shown} == {0}
    assert column(date(2020, 1, 1), today) == shown[0]
    assert column(date(2030, 1, 1), today) == shown[-1]
    assert column(today, today) == monday(today)
    assert [heat(count, 8) for count in (0, 1, 2, 3, 5, 8)] == [0, 1, 1, 2, 3, 4]


def test_the_pages_say_it_in_both_languages(owing, enter):
    visitor = enter(owing.editor)
    page = visitor.get("/staff/deadlines/").text
    assert "谁欠什么，晚了没有" in page
    assert "逾期 10 天" in page
    assert "Who owes what, and is it late" in visitor.get("/staff/deadlines/?lang=en").text
    assert "谁欠什么" in visitor.get("/staff/").text
    deadline = board.rows(part(Part.PAUSED), MONDAY)[0]
    said = visitor.get(f"/staff/deadlines/{deadline.id}/").text
    assert "检验、检测" in said
    assert "逐日说明" in said
    for odd in (
        "?part=nothing&week=x&unit=0&page=9999999999999",
        "?unit=99999999999&place=-1",
        "?by=place",
        "?by=x",
        "?week=9999-12-31",
    ):
        assert visitor.get(f"/staff/deadlines/{odd}").status_code == 200


def test_a_stranger_sees_neither_board_nor_deadline(owing, enter):
    deadline = board.rows(part(Part.LATE), MONDAY)[0]
    visitor = enter(owing.stranger)
    assert "市商务局" not in visitor.get("/staff/deadlines/").text
    assert visitor.get(f"/staff/deadlines/{deadline.id}/").status_code == 404
    # Nobody can tell it from one that does not exist.
    for number in (deadline.id, deadline.id + 1000):
        tried = visitor.post(f"/staff/deadlines/{number}/waive", data={"waive-reason": "x"})
        assert tried.status_code == 403


def test_forms_do_what_they_say_and_keep_what_was_typed(owing, enter):
    visitor, deadline = enter(owing.editor), board.rows(part(Part.LATE), MONDAY)[0]
    where = f"/staff/deadlines/{deadline.id}"
    again = visitor.post(f"{where}/extend", data={"extend-days": "many", "extend-reason": "材料没有齐"})
    assert again.status_code == 422
    assert "材料没有齐" in again.text
    said = {"extend-days": "5", "extend-reason": "材料没有齐", "extend-granted_by": "市政府"}
    assert visitor.post(f"{where}/extend", data=said).status_code == 302
    assert deadline.extensions[0].granted_by == "市政府"
    assert visitor.post(f"{where}/done", data={"done-on": ""}).status_code == 302
    assert deadline.state is State.FULFILLED
    assert visitor.post(f"{where}/waive", data={"waive-reason": "免"}).status_code == 409
    assert visitor.post(f"{where}/reopen", data={"reopen-reason": "没有办完"}).status_code == 302
    assert deadline.state is State.OPEN


def test_the_officer_sees_no_forms_and_may_not_use_them(owing, enter):
    deadline = board.rows(part(Part.PAUSED), MONDAY)[0]
    visitor = enter(owing.officer)
    assert "登记办结" not in visitor.get(f"/staff/deadlines/{deadline.id}/").text
    assert (
        visitor.post(f"/staff/deadlines/{deadline.id}/waive", data={"waive-reason": "x"}).status_code == 403
    )


def test_the_rows_can_be_taken_along(owing, enter):
    service.extend(
        board.rows(part(Part.LATE), MONDAY)[0], days=1, reason="=1+1", granted_by="甲", by=owing.editor
    )
    visitor = enter(owing.editor)
    answer = visitor.get("/staff/deadlines/export.csv?part=late")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.text.removeprefix(BOM).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("市商务局,")
    assert visitor.get("/staff/deadlines/export.xlsx").data[:2] == b"PK"
    assert visitor.get("/staff/deadlines/export.pdf").status_code == 404


def test_a_unit_reads_its_deadlines_in_its_calendar(owing, enter, client):
    visitor = enter(owing.editor)
    page = visitor.post("/staff/calendar-feeds/make", data={"unit": str(owing.commerce.id)})
    address = re.search(r"/calendar/[\w-]+\.ics", page.text)[0]
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    assert len(events) == 6
    assert events[0].decoded("dtstart") == MONDAY - timedelta(days=10)
    assert str(events[0]["summary"]) == "第 0 件"
    assert str(events[0]["url"]).endswith("/")
    assert len({str(each["uid"]) for each in events}) == 6
    # Another address takes the old one's place; taken back, neither works.
    second = feeds.make_feed(owing.commerce, by=owing.approver)
    assert client.get(address).status_code == 404
    assert client.get(f"/calendar/{second}.ics").status_code == 200
    visitor.post("/staff/calendar-feeds/revoke", data={"unit": str(owing.commerce.id)})
    assert client.get(f"/calendar/{second}.ics").status_code == 404
    assert client.get(f"/calendar/{'x' * 500}.ics").status_code == 404


def test_whose_calendar_it_is_keeps_its_address(owing, enter):
    with pytest.raises(Forbidden):
        feeds.make_feed(owing.bureau, by=owing.stranger)
    feeds.make_feed(owing.bureau, by=owing.officer)
    feeds.revoke_feed(owing.bureau, by=owing.officer)
    with pytest.raises(NotFound):
        feeds.revoke_feed(owing.bureau, by=owing.officer)
    visitor = enter(owing.stranger)
    assert visitor.post("/staff/calendar-feeds/make", data={"unit": str(owing.bureau.id)}).status_code == 404
    assert visitor.post("/staff/calendar-feeds/make", data={"unit": "x"}).status_code == 404


def test_notices_and_feeds_lead_to_the_staff_page(app):
    adapter = app.url_map.bind("localhost")
    assert adapter.match(address_of(Deadline(id=7))) == ("deadlines.show", {"deadline_id": 7})
