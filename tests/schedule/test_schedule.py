"""The rows of the schedule: taken once, made up once, whatever clocks, schedulers and workers do."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import Mock

import pytest
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from jobs import schedule as scheduling
from jobs.schedule import Entry, Scheduler, take_turn
from portal import clock, queue
from portal.db import db
from portal.errors import Conflict, Forbidden
from portal.foundation.rights.rules import Role
from portal.foundation.schedule import queries, service
from portal.foundation.schedule.rules import ATTEMPTS, HOLD, Daily, Every, Outcome
from portal.foundation.schedule.service import Turn, TurnLost
from portal.queue import Job
from tests.lists.making import account

DAY = timedelta(days=1)


@pytest.fixture
def work():
    """What the entries do; counts how often they do it."""
    return Mock(return_value=None)


@pytest.fixture
def plan(session, frozen, monkeypatch, work):
    """`plan(cadence, …)` puts a schedule up and gives its entries' rows."""

    def put_up(*cadences, at_start=False):
        entries = [Entry(f"e{number}", "某事", work, each, at_start) for number, each in enumerate(cadences)]
        monkeypatch.setattr(scheduling, "SCHEDULE", tuple(entries))
        service.bring_up(scheduling.SCHEDULE)
        session.commit()
        return list(queries.entries())

    return put_up


@pytest.fixture
def bells(app, session, valkey, monkeypatch):
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    return queue.waiting


def bell(entry):
    return (Job.TURN.value, (entry.id,))


def test_what_is_new_begins_at_once_or_at_its_time_of_day(plan):
    often, nightly = plan(Every(30), Daily(2, 30))
    assert often.next_due == clock.now()
    # It is nine in the morning: nothing was missed.
    assert nightly.next_due == clock.now() + timedelta(hours=17, minutes=30)


def test_an_entry_is_taken_once_and_due_again_by_its_cadence(plan, work, frozen):
    (entry,) = plan(Every(30))
    take_turn(entry.id)
    take_turn(entry.id)
    assert work.call_count == 1
    entry = queries.get(entry.id)
    assert (entry.outcome, entry.begun_at, entry.ended_at) == (Outcome.DONE, clock.now(), clock.now())
    assert entry.next_due == clock.now() + timedelta(seconds=30)
    frozen.shift(30)
    take_turn(entry.id)
    assert work.call_count == 2


def test_nights_that_were_missed_are_made_up_once(plan, work, frozen):
    (entry,) = plan(Daily(2, 30))
    frozen.shift(3 * DAY)
    for _ in range(3):
        take_turn(entry.id)
    assert work.call_count == 1
    entry = queries.get(entry.id)
    assert entry.late == timedelta(days=2, hours=6, minutes=30).total_seconds()
    assert entry.next_due == clock.now() + timedelta(hours=17, minutes=30)


def test_a_worker_that_fell_silent_is_made_up_for_and_can_write_nothing_down(plan, frozen):
    (entry,) = plan(Every(30))
    first = service.take(entry.id)
    assert isinstance(first, Turn)
    frozen.shift(HOLD)
    assert service.take(entry.id) is None
    frozen.shift(1)
    second = service.take(entry.id)
    assert second == Turn(entry.id, 2)
    for late in (lambda: service.keep(first), lambda: service.end(first)):
        with pytest.raises(TurnLost):
            late()
    service.keep(second)
    service.end(second)
    with pytest.raises(TurnLost):
        service.keep(second)


def test_what_kills_its_workers_waits_for_its_next_turn(plan, frozen):
    (entry,) = plan(Daily(9))
    frozen.shift(DAY)
    for _ in range(ATTEMPTS):
        assert service.take(entry.id) is not None
        frozen.shift(HOLD + timedelta(seconds=1))
    assert service.take(entry.id) is None
    entry = queries.get(entry.id)
    assert (entry.outcome, entry.hold_until) == (Outcome.CUT_OFF, None)
    assert entry.next_due > clock.now() + timedelta(hours=23)


def test_what_fails_is_tried_again_soon_and_its_kind_of_error_is_kept(plan, work, frozen):
    (entry,) = plan(Daily(9))
    frozen.shift(DAY)
    work.side_effect = KeyError("13812345678")
    with capture_logs():
        take_turn(entry.id)
    entry = queries.get(entry.id)
    assert (entry.outcome, entry.error, entry.failures) == (Outcome.FAILED, "KeyError", 1)
    assert entry.next_due == clock.now() + timedelta(minutes=1)
    work.side_effect = None
    frozen.shift(60)
    take_turn(entry.id)
    entry = queries.get(entry.id)
    assert (entry.outcome, entry.error, entry.failures) == (Outcome.DONE, "", 0)


def test_a_clock_that_was_ahead_and_was_put_right_puts_nothing_off(plan, work, frozen):
    entries = plan(Every(30), Daily(2, 30))
    frozen.shift(365 * DAY)
    for entry in entries:
        take_turn(entry.id)
    frozen.shift(-365 * DAY)
    for entry in (*entries, *entries):
        take_turn(entry.id)
    assert work.call_count == 4
    assert [queries.get(entry.id).next_due - clock.now() for entry in entries] == [
        timedelta(seconds=30),
        timedelta(hours=17, minutes=30),
    ]


def test_a_hold_from_a_clock_that_was_ahead_keeps_nobody_waiting(plan, frozen):
    (entry,) = plan(Every(30))
    frozen.shift(DAY)
    assert service.take(entry.id) is not None
    frozen.shift(-DAY)
    assert service.take(entry.id) is not None


def test_the_scheduler_rings_for_what_is_due_and_again_when_the_bell_was_lost(plan, bells, valkey, frozen):
    often, _nightly = plan(Every(30), Daily(2, 30))
    Scheduler().look()
    assert bells() == {bell(often)}
    valkey.client.flushall()
    Scheduler().look()
    assert bells() == set()
    frozen.shift(10)
    Scheduler().look()
    assert bells() == {bell(often)}


def test_a_bell_that_still_lies_there_is_not_rung_twice(plan, bells, valkey, frozen):
    (often,) = plan(Every(30))
    for _ in range(5):
        Scheduler().look()
        frozen.shift(20)
    assert valkey.client.llen("rq:queue:default") == 1
    # It is known all the same that a scheduler lives.
    assert queries.get(often.id).rung_at == clock.now() - timedelta(seconds=20)


def test_the_schedule_goes_before_files_made_in_advance(plan, bells):
    for number in range(3):
        queue.ring(Job.CARRY_OUT, number)
    db.session.commit()
    (often,) = plan(Every(30))
    Scheduler().look()
    first = queue.rq.get_queue(queue.QUEUE).get_jobs(0, 1)
    assert [job.args for job in first] == [(often.id,)]


def test_without_a_queue_server_the_scheduler_rings_again_and_again(plan, app, monkeypatch, frozen):
    (often,) = plan(Every(30))
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    away = queue.bell_connection("unix:///nowhere/at/all.sock")
    monkeypatch.setitem(app.extensions, "remit_bell", away)
    scheduler = Scheduler()
    with capture_logs() as logs:
        for _ in range(3):
            assert scheduler.look() == scheduling.LOOK
            frozen.shift(10)
    assert [line["log_level"] for line in logs] == ["warning"] * 3
    assert queries.get(often.id).begun_at is None
    with pytest.raises(RedisAway):
        queue.waiting()
    away.close()


def test_without_a_database_the_scheduler_waits(plan, monkeypatch):
    plan(Every(30))

    def away(*_ignored):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(scheduling.queries, "entries", away)
    with capture_logs() as logs:
        assert Scheduler().look() == scheduling.PAUSE
    assert [line["log_level"] for line in logs] == ["warning"]


def test_starting_asks_for_what_is_wanted_at_the_start(plan, frozen):
    (nightly,) = plan(Daily(2, 30), at_start=True)
    Scheduler().look()
    assert queries.get(nightly.id).next_due == clock.now()


def test_a_changed_schedule_changes_the_rows(plan, session):
    plan(Every(30))
    (often,) = plan(Daily(12))
    assert (often.cadence, often.next_due) == ("daily 12:00", clock.now())
    session.delete(often)
    session.commit()
    Scheduler().look()
    # One whose row is gone comes back.
    assert [entry.name for entry in queries.entries()] == ["e0"]


def test_what_another_release_does_is_left_alone_until_nobody_rings_for_it(plan, frozen, session):
    plan(Every(30), Every(30))
    plan(Every(30))
    frozen.shift(60)
    Scheduler().look()
    theirs = queries.named("e1")
    assert theirs.rung_at is None
    theirs.rung_at = clock.now()
    session.commit()
    frozen.shift(60)
    Scheduler().look()
    assert [entry.name for entry in queries.entries()] == ["e0", "e1"]
    frozen.shift(60)
    Scheduler().look()
    assert [entry.name for entry in queries.entries()] == ["e0"]


def test_a_worker_that_does_not_know_an_entry_leaves_it_to_one_that_does(plan, monkeypatch, work):
    (often,) = plan(Every(30))
    monkeypatch.setattr(scheduling, "SCHEDULE", ())
    take_turn(often.id)
    assert work.call_count == 0
    assert queries.get(often.id).error == "UnknownEntry"


def test_the_administrator_may_have_it_done_now(plan, session, bells, work):
    (nightly,) = plan(Daily(2, 30))
    with pytest.raises(Forbidden):
        service.ask(nightly.id, by=account(Role.EDITOR))
    administrator = account(Role.ADMINISTRATOR)
    service.ask(nightly.id, by=administrator)
    session.commit()
    assert bells() == {bell(nightly)}
    assert (nightly.asked_by_id, nightly.asked_at) == (administrator.id, clock.now())
    assert service.take(nightly.id) is not None
    with pytest.raises(Conflict):
        service.ask(nightly.id, by=administrator)


def test_the_shipped_schedule_is_whole():
    names = [entry.name for entry in scheduling.SCHEDULE]
    assert len(set(names)) == len(names)
    assert all(len(entry.name) <= 64 and entry.label for entry in scheduling.SCHEDULE)
    # Killed work goes on within a minute of being killed, at the default lease.
    often = {entry.name: entry.cadence for entry in scheduling.SCHEDULE if entry.name in ("sweep", "deliver")}
    assert [cadence.seconds <= 15 for cadence in often.values()] == [True, True]
