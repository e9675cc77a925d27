"""/healthz, /readyz, /metrics: what they say, when, and to whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from jobs import schedule as scheduling
from portal import clock, queue
from portal.config import ROOT, Metrics, Settings, SettingsError
from portal.foundation.runs import service as runs
from portal.foundation.runs.rules import RunKind
from portal.foundation.schedule import queries as schedule
from portal.foundation.schedule import service
from portal.health import queueserver, readiness

TOKEN = "prometheus-0123456789"
HERE = {"networks": (ip_network("127.0.0.0/8"), ip_network("::1/128"))}


@pytest.fixture
def admit(app, monkeypatch):
    """`admit(token=…, networks=…)` sets who may read the figures; further settings by name."""

    def change(proxies=0, **who):
        changed = replace(app.config["REMIT"], metrics=Metrics(**who), proxies=proxies)
        monkeypatch.setitem(app.config, "REMIT", changed)

    return change


@pytest.fixture
def no_queue(app, monkeypatch):
    away = queue.bell_connection("unix:///nowhere/at/all.sock")
    monkeypatch.setitem(app.extensions, "remit_bell", away)
    yield
    away.close()


def read(client, **headers):
    """The figures by name and labels."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_alive_asks_nobody(client, monkeypatch, no_queue):
    monkeypatch.setattr(readiness.db.session, "scalar", lambda *_: pytest.fail("the database was asked"))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "database": "ok", "schema": "ok", "queue": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_a_queue_server_it_serves_all_the_same(client, no_queue):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["queue"]) == ("degraded", "away")
    assert client.get("/").status_code == 200


def test_without_a_database_it_is_not_ready_and_still_says_so(app, client, admit, monkeypatch):
    def away():
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(readiness, "_revision", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "database": "away", "schema": "away", "queue": "ok"}
    admit(**HERE)
    assert read(client) == {
        ("remit_ready", "database"): 0,
        ("remit_ready", "schema"): 0,
        ("remit_ready", "queue"): 1,
    }


@pytest.mark.parametrize(
    ("there", "status", "said"),
    [("0001", 503, "behind"), (None, 503, "behind"), ("9999", 200, "ahead")],
)
def test_the_schema_is_to_be_that_of_the_code(client, monkeypatch, there, status, said):
    monkeypatch.setattr(readiness, "_revision", lambda: there)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["schema"]) == (status, said)


def test_the_newest_migration_is_looked_up_in_the_database(client, session):
    newest = session.scalar(text("SELECT version_num FROM alembic_version"))
    assert readiness._revision() == newest == readiness._migrations()[-1]


@pytest.mark.parametrize(
    ("who", "headers", "admitted"),
    [
        ({}, {}, False),
        ({}, {"Authorization": "Bearer "}, False),
        ({"token": TOKEN}, {}, False),
        ({"token": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, False),
        ({"token": TOKEN}, {"Authorization": f"Basic {TOKEN}"}, False),
        ({"token": TOKEN}, {"Authorization": "Bearer é"}, False),
        ({"token": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}, True),
        (HERE, {}, True),
        ({"networks": (ip_network("10.0.0.0/8"),)}, {}, False),
        # A proxy that the settings do not know of stands in front: everybody would have its address.
        (HERE, {"X-Forwarded-For": "203.0.113.9"}, False),
        (HERE, {"Forwarded": "for=203.0.113.9"}, False),
        (HERE | {"proxies": 1}, {"X-Forwarded-For": "203.0.113.9"}, True),
    ],
)
def test_the_figures_are_for_allowed_networks_and_the_token_alone(client, admit, who, headers, admitted):
    admit(**who)
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == (200 if admitted else 404)
    assert ("remit_" in answer.text) is admitted


def test_the_figures(app, client, admit, session, frozen, monkeypatch, valkey):
    admit(token=TOKEN)
    known = ("sweep", "tidy")
    monkeypatch.setattr(scheduling, "SCHEDULE", [each for each in scheduling.SCHEDULE if each.name in known])
    service.bring_up(scheduling.SCHEDULE)
    runs.fail(runs.claim(runs.start(RunKind.EXPORT, 1, by=None).id), "没有办法")
    runs.start(RunKind.EXPORT, 2, by=None)
    session.commit()
    monkeypatch.setitem(app.config, "BELL_IN_TESTS", True)
    frozen.shift(timedelta(minutes=10))
    scheduling.Scheduler().look()
    frozen.shift(timedelta(seconds=30))
    found = read(client, Authorization=f"Bearer {TOKEN}")
    assert found["remit_schedule_late_seconds", "sweep"] == 630
    assert found["remit_schedule_overdue", "sweep"] == 1
    assert found["remit_schedule_late_seconds", "tidy"] == 0
    assert found["remit_runs", "queued"] == 1
    assert found["remit_runs_oldest_seconds",] == 630
    assert found["remit_runs_failed", "export"] == 1
    assert found["remit_queue_up",] == 1
    assert found["remit_queue_length",] == 1
    assert found["remit_queue_oldest_seconds",] == 30
    assert found["remit_workers", "idle"] == 0
    assert found["remit_alarms",] == 1
    assert found["remit_ready", "schema"] == 1
    assert ("remit_schedule_last_done_timestamp_seconds", "sweep") not in found


def test_the_figures_without_a_queue_server(client, admit, no_queue):
    admit(**HERE)
    found = read(client)
    assert found["remit_queue_up",] == 0
    assert ("remit_queue_length",) not in found


def test_the_time_of_the_last_good_turn(client, admit, session, frozen):
    admit(**HERE)
    service.bring_up([scheduling.Entry("e", "某事", lambda: None, scheduling.Every(30))])
    (entry,) = schedule.entries()
    service.end(service.take(entry.id))
    session.commit()
    assert read(client)["remit_schedule_last_done_timestamp_seconds", "e"] == clock.now().timestamp()


def test_a_worker_lives_as_long_as_it_says_so(client, valkey):
    now = clock.now()
    for name, age in (("a", 5), ("b", 3600)):
        key = f"rq:worker:{name}"
        beat = (now - timedelta(seconds=age)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        valkey.client.sadd("rq:workers", key)
        valkey.client.hset(
            key, mapping={"state": "busy", "hostname": name, "last_heartbeat": beat, "birth": beat}
        )
    valkey.client.sadd("rq:workers", "rq:worker:gone")
    found = queueserver.look()
    assert [(worker.host, worker.busy) for worker in found.workers] == [("a", True)]
    assert found.busy == 1


def test_a_busy_worker_says_what_it_is_at(client, valkey):
    at_it = queue._queue().enqueue("jobs.runs.carry_out", 7)
    beat = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for name, job_id in (("a", at_it.id), ("b", "forgotten")):
        key = f"rq:worker:{name}"
        valkey.client.sadd("rq:workers", key)
        valkey.client.hset(key, mapping={"state": "busy", "hostname": name, "last_heartbeat": beat})
        valkey.client.sadd(f"{key}:executions", f"{job_id}:1")
    found = queueserver.look()
    assert [worker.doing for worker in found.workers] == [("jobs.runs.carry_out", (7,)), None]


@pytest.mark.parametrize(
    "env",
    [
        {"REMIT_METRICS_NETWORKS": "everybody"},
        {"REMIT_METRICS_NETWORKS": "10.1.2.3/8"},
        {"REMIT_METRICS_TOKEN": "short"},
    ],
)
def test_settings_that_let_in_too_many_are_refused(env):
    with pytest.raises(SettingsError, match="REMIT_METRICS"):
        Settings.from_env(env)


def test_the_settings():
    found = Settings.from_env(
        {"REMIT_METRICS_NETWORKS": "10.0.0.0/8, fd00::/8", "REMIT_METRICS_TOKEN": TOKEN}
    )
    assert [str(network) for network in found.metrics.networks] == ["10.0.0.0/8", "fd00::/8"]
    assert TOKEN not in repr(found)
    assert Settings.from_env({}).metrics == Metrics()


def test_every_figure_is_explained_to_those_who_run_it():
    made = set(re.findall(r'"(remit_[a-z_]+)"', (ROOT / "portal/health/metrics.py").read_text("utf-8")))
    told = set(re.findall(r"remit_[a-z_]+", (ROOT / "docs/operations.md").read_text("utf-8")))
    assert made
    assert made == told
