import json
import signal
from datetime import timedelta
from pkgutil import resolve_name

import pytest
from redis.exceptions import ConnectionError as RedisAway
from structlog.testing import capture_logs

from jobs import runs as running
from jobs import schedule as scheduling
from jobs.sweep import sweep
from jobs.worker import worker
from portal import clock, queue
from portal.foundation.runs import service
from portal.foundation.runs.rules import LEASE, RunKind, RunState
from portal.queue import QUEUE, Job


@pytest.fixture
def bells(app, session, valkey, monkeypatch):
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    return queue.waiting


def carry_out(run):
    return (Job.CARRY_OUT.value, (run.id,))


@pytest.mark.parametrize("job", Job)
def test_every_job_is_a_function(job):
    module, _, name = job.value.rpartition(".")
    assert callable(resolve_name(f"{module}:{name}"))


@pytest.mark.parametrize("kind", RunKind)
def test_every_kind_of_run_has_its_handler(kind):
    assert callable(resolve_name(running.HANDLERS[kind]))


def test_the_sweeper_rings_for_what_was_forgotten_and_only_once(session, bells, valkey, frozen):
    forgotten = service.start(RunKind.EXPORT, 1, by=None)
    held = service.start(RunKind.EXPORT, 2, by=None)
    forgotten.queued_at = held.queued_at = clock.now()
    session.commit()
    valkey.client.flushall()
    sweep()
    assert bells() == set()
    frozen.shift(timedelta(seconds=20))
    service.claim(held.id)
    session.commit()
    frozen.shift(timedelta(seconds=11))
    sweep()
    sweep()
    assert valkey.client.llen("rq:queue:default") == 1
    assert bells() == {carry_out(forgotten)}
    frozen.shift(LEASE)
    sweep()
    assert bells() == {carry_out(forgotten), carry_out(held)}


def test_the_sweeper_works_without_a_queue_server(session, app, monkeypatch):
    def away():
        raise RedisAway

    monkeypatch.setattr("jobs.sweep.waiting", away)
    run = service.start(RunKind.EXPORT, 1, by=None)
    run.queued_at = clock.now() - timedelta(minutes=5)
    session.commit()
    with capture_logs() as logs:
        sweep()
    assert [line["run"] for line in logs] == [run.id]


def test_the_scheduler_ends_when_told_to(session, valkey, monkeypatch):
    made = scheduling.Scheduler()
    monkeypatch.setattr(signal, "signal", lambda number, act: act(number))
    made.keep_time()
    assert made.stopping


def test_a_worker_listens_to_one_queue_and_notices_soon(live, valkey):
    made = worker()
    assert made.queue_names() == [QUEUE]
    assert made.worker_ttl <= 60
    assert made.connection.get_retry().get_retries() >= 60
    made.connection.close()


def test_runs_can_be_listed_and_worked_off_by_hand(app, session, monkeypatch):
    run = service.start(RunKind.EXPORT, 1, by=None)
    session.commit()
    monkeypatch.setattr(running, "resolve_name", lambda _address: lambda _run, _work: {"rows": 1})
    runner = app.test_cli_runner()
    assert "做了 1 个后台作业" in runner.invoke(args=["runs", "work-off"]).output
    session.expire_all()
    assert run.state is RunState.DONE
    assert f"{run.id}\texport\tdone\t0%\t" in runner.invoke(args=["runs", "list"]).output
    assert runner.invoke(args=["jobs", "sweep"]).exit_code == 0


def test_results_are_fit_for_json(session, monkeypatch):
    run = service.start(RunKind.EXPORT, 1, by=None)
    session.commit()
    monkeypatch.setattr(running, "resolve_name", lambda _address: lambda _run, _work: {"甲": [1, None]})
    running.carry_out(run.id)
    session.expire_all()
    assert json.loads(json.dumps(run.result)) == {"甲": [1, None]}
