"""When the calendar changes, running deadlines are counted anew, written down and told once (T-2)."""

from __future__ import annotations

from datetime import date, datetime
from threading import Event, Thread

import time_machine
from sqlalchemy import event, select, text

from jobs.deadlines import recompute
from portal import clock
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.explaining import saying
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import EventKind, Terms
from portal.foundation.notifications.models import Notice
from portal.foundation.notifications.texts import said
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.registry import moved
from portal.foundation.workdays.rules import Calendar, Year
from portal.foundation.workdays.service import announce, take_back
from tests.deadlines.conftest import KIND, MONDAY
from tests.fixtures.people import somebody

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


def test_what_was_just_being_opened_is_counted_anew_and_told_of_a_moment_later(world):
    """Its transaction began before the announcement and ended after all others had been counted anew."""
    world.owe(1)
    announce(YEAR, by=None, seen=0)
    assert recompute() == 1
    late = world.owe(2)
    late.due_on, late.calendar_version = date(2026, 3, 9), 0
    assert recompute() == 1
    assert late.due_on == date(2026, 3, 11)
    assert len(list(db.session.scalars(select(Notice)))) == 2


def test_a_date_that_is_not_counted_anew_says_so(world):
    """What is over keeps its day; the days that explain it are those of the calendar as it is now."""
    done, running = world.owe(1), world.owe(2)
    service.fulfil(done, on=MONDAY, by=None)
    announce(YEAR, by=None, seen=0)
    calendar = workdays.calendar()
    assert "马上重新计算" in saying.of(running, calendar).sentence
    recompute()
    assert "重新计算" not in saying.of(running, calendar).sentence
    assert done.due_on == date(2026, 3, 9)
    assert saying.of(done, calendar).sentence.endswith(
        "结束以后放假安排有变，到期日不再改；照现在的安排，会数到2026年3月11日（星期三）。"
    )


def test_many_are_counted_anew_by_no_more_statements_than_few(world):
    """Whoever writes meanwhile waits for the whole lot: it is to be over in a moment."""
    counts = []
    for number, off in ((3, 4), (60, 5)):
        for each in range(number):
            world.owe(100 * number + each)
        announce(Year(2026, holidays={date(2026, 3, off): "假"}, source=SOURCE), by=None, seen=len(counts))
        seen = []

        def note(_connection, _cursor, statement, *_rest, seen=seen):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        assert recompute() == 1
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert {each.due_on for each in db.session.scalars(select(Deadline))} == {date(2026, 3, 10)}
    assert counts[1] <= counts[0]


def test_days_granted_while_it_is_counted_anew_are_not_lost(live):
    """Somebody extends by the old calendar and has not committed yet when the year is announced and counted by."""
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=clock.HOME), tick=True):
        deadline_id, editor_id = opened()
        granting, counted = Event(), Event()

        def count():
            with live.app_context():
                granting.wait(timeout=30)
                # A writer of SQLite waits here for whoever writes; PostgreSQL's reads what was committed.
                announce(YEAR, by=None, seen=0)
                db.session.commit()
                counted.set()
                recompute()
                db.session.remove()

        other = Thread(target=count)
        other.start()
        deadline, editor = db.session.get_one(Deadline, deadline_id), db.session.get_one(Account, editor_id)
        service.extend(deadline, days=5, reason="甲", granted_by="乙", by=editor)
        granting.set()
        if db.engine.dialect.name == "postgresql":
            counted.wait(timeout=30)
            until_somebody_waits(other)
        db.session.commit()
        other.join(timeout=60)
        db.session.expire_all()
        assert db.session.get_one(Deadline, deadline_id).due_on == date(2026, 3, 18)


def opened():
    """Five working days from 2 March, and who may extend them: their ids, committed."""
    body = Organisation(name="市商务局", place=Place(code="370800", name="济宁市", kind=PlaceKind.CITY))
    editor = somebody(Role.EDITOR, login="editor", organisation=body)
    db.session.add_all([body, editor])
    db.session.flush()
    made = service.open(
        KIND, subject=("test", 1), owed_by=body, title="同时", begin=MONDAY, terms=Terms.working(5), by=None
    )
    db.session.commit()
    return made.id, editor.id


def until_somebody_waits(thread):
    """Until another connection waits for a lock of ours, or its thread has ended."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with db.engine.connect() as watching:
        while thread.is_alive() and not watching.scalar(waiting):
            thread.join(timeout=0.05)
