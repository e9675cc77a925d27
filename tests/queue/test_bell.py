import time

import pytest
from structlog.testing import capture_logs

from portal import queue
from portal.config import Settings
from portal.db import db
from portal.queue import Job, ring


@pytest.fixture
def bells(app, session, valkey, monkeypatch):
    """What lies in the real queue."""
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    return queue.waiting


def test_the_bell_is_rung_after_the_commit_and_not_before(session, bells):
    ring(Job.CARRY_OUT, 5)
    session.flush()
    assert bells() == set()
    session.commit()
    assert bells() == {("jobs.runs.carry_out", (5,))}


def test_the_same_bell_twice_is_one(session, bells, valkey):
    for _ in range(3):
        ring(Job.DELIVER)
    ring(Job.CARRY_OUT, 1)
    ring(Job.CARRY_OUT, 2)
    session.commit()
    assert valkey.client.llen("rq:queue:default") == 3
    session.commit()
    assert valkey.client.llen("rq:queue:default") == 3


def test_what_a_person_waits_for_goes_before_files_made_in_advance(session, bells, valkey):
    for run in (1, 2):
        ring(Job.CARRY_OUT, run)
    session.commit()
    ring(Job.CARRY_OUT, 3, awaited=True)
    session.commit()
    first = queue.rq.get_queue(queue.QUEUE).get_jobs(0, 1)
    assert [job.args for job in first] == [(3,)]


def test_a_savepoint_rings_nothing_until_all_is_committed(session, bells):
    with session.begin_nested():
        ring(Job.CARRY_OUT, 1)
        with session.begin_nested():
            ring(Job.CARRY_OUT, 2)
        assert bells() == set()
    assert bells() == set()
    session.commit()
    assert bells() == {("jobs.runs.carry_out", (1,)), ("jobs.runs.carry_out", (2,))}


def test_what_is_rolled_back_rings_nothing(session, bells):
    ring(Job.CARRY_OUT, 1)
    session.rollback()
    session.commit()
    assert bells() == set()


def test_a_savepoint_rolled_back_keeps_the_bells_from_before_it(session, bells):
    ring(Job.CARRY_OUT, 1)
    inner = session.begin_nested()
    inner.rollback()
    session.commit()
    assert bells() == {("jobs.runs.carry_out", (1,))}


def test_tests_ring_nothing_unless_asked(session, app, valkey):
    ring(Job.DELIVER)
    session.commit()
    assert valkey.client.llen("rq:queue:default") == 0


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/at/all.sock"])
def test_a_queue_server_that_is_away_neither_fails_nor_holds_up_the_change(app, session, monkeypatch, url):
    away = queue.bell_connection(url)
    monkeypatch.setitem(app.extensions, "remit_bell", away)
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    started = time.monotonic()
    with capture_logs() as logs:
        for number in range(50):
            ring(Job.CARRY_OUT, number)
        db.session.commit()
    # Fifty who each wait their time would take a minute and a half.
    assert time.monotonic() - started < 20 * queue.PATIENCE
    assert [(line["log_level"], line["bells"]) for line in logs] == [("warning", 50)]
    away.close()


def test_a_request_waits_for_the_queue_server_only_a_moment():
    connection = queue.bell_connection(Settings().redis_url)
    options = connection.connection_pool.connection_kwargs
    assert options["socket_connect_timeout"] == options["socket_timeout"] == queue.PATIENCE
    assert connection.get_retry().get_retries() == 0
    connection.close()
