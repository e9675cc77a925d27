"""When the calendar changes, running deadlines are counted anew, written down and told once (T-2)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from jobs.deadlines import recompute
from portal.db import db
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.rules import EventKind, Terms
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.registry import moved
from portal.foundation.workdays.rules import Calendar, Year
from portal.foundation.workdays.service import announce, take_back

OFF = {date(2026, 3, day): "清明节" for day in (4, 5)}
SOURCE = "《国务院办公厅关于 2026 年部分节假日安排的通知》"
YEAR = Year(2026, holidays=OFF, source=SOURCE)


def test_what_moves_is_written_down_with_the_reason_and_told_once_for_a_unit(world):
    first, second = world.owe(1), world.owe(2)
    other, untouched = world.owe(3, owed_by=world.bureau), world.owe(4, terms=Terms.fixed(date(2026, 3, 9)))
    done = world.owe(5)
    service.fulfil(done, on=date(2026, 3, 2), by=None)
    assert recompute() == 0
    announce(YEAR, by=None, seen=0)
    assert recompute() == 2
    assert recompute() == 0
    assert {each.due_on for each in (first, second, other)} == {date(2026, 3, 11)}
    assert {each.expected for each in (first, second, other, untouched)} == {False}
    assert (untouched.due_on, done.due_on) == (date(2026, 3, 9), date(2026, 3, 9))
    event = queries.events(first)[0]
    assert (event.kind, event.old_due, event.new_due) == (
        EventKind.RECOMPUTED,
        date(2026, 3, 9),
        date(2026, 3, 11),
    )
    assert event.note == SOURCE
    notices = {each.organisation_id: said(each) for each in db.session.scalars(select(Notice))}
    assert set(notices) == {world.commerce.id, world.bureau.id}
    assert notices[world.commerce.id][0] == "放假安排有变，2 项时限的到期日改了"
    assert "2026年3月9日改为2026年3月11日" in notices[world.bureau.id][1]


def test_history_is_counted_anew_but_nobody_is_told(world):
    deadline = world.owe(1, history=True)
    announce(YEAR, by=None, seen=0)
    recompute()
    assert deadline.due_on == date(2026, 3, 11)
    assert list(db.session.scalars(select(Notice))) == []


def test_how_many_would_move_is_known_before_a_year_is_saved(world):
    for number in range(3):
        world.owe(number)
    world.owe(9, terms=Terms.calendar(1, rolls=False))
    assert moved(Calendar({2026: YEAR}), set(OFF)) == 3
    assert moved(Calendar({2026: YEAR}), {date(2027, 1, 1)}) == 0
    assert workdays.version() == 0


def test_a_change_taken_back_moves_them_back(world):
    deadline = world.owe()
    announce(YEAR, by=None, seen=0)
    recompute()
    take_back(2026, by=world.editor, seen=1)
    recompute()
    assert deadline.due_on == date(2026, 3, 9)
    days = {(each.old_due, each.new_due) for each in queries.events(deadline)[:2]}
    assert days == {(date(2026, 3, 9), date(2026, 3, 11)), (date(2026, 3, 11), date(2026, 3, 9))}
