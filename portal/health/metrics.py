"""The figures for Prometheus. They come from the database, so that any web process gives the same for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from portal.foundation.schedule.rules import Outcome
from portal.health.alarms import alarms
from portal.health.figures import Figures, Line
from portal.health.readiness import Readiness

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition(figures: Figures | None, readiness: Readiness) -> bytes:
    """The figures in Prometheus' text form; times are in seconds. Names are documented in docs/operations.md.

    Without figures, because the database is away, only which parts are there.
    """
    families = [_parts(readiness)]
    if figures is not None:
        families += [*_schedule(figures), *_queue(figures), *_work(figures), _well(figures)]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(families))
    return bytes(generate_latest(registry))


class _Collector:
    """Gives what has been gathered already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        return self._families


def _seconds(time: timedelta) -> float:
    return round(time.total_seconds(), 3)


def _schedule(figures: Figures) -> Iterator[Metric]:
    late = Gauge("remit_schedule_late_seconds", "how long an entry has been due untaken", labels=["entry"])
    alarm = Gauge("remit_schedule_overdue", "1 when an entry is later than it may be", labels=["entry"])
    failures = Gauge("remit_schedule_failures", "failures of an entry in a row", labels=["entry"])
    begun = Gauge(
        "remit_schedule_last_begun_timestamp_seconds", "when an entry was last begun", labels=["entry"]
    )
    done = Gauge(
        "remit_schedule_last_done_timestamp_seconds", "when an entry was last done well", labels=["entry"]
    )
    for line in figures.schedule:
        late.add_metric([line.name], _seconds(line.late))
        alarm.add_metric([line.name], int(line.alarming))
        failures.add_metric([line.name], line.failures)
        if line.begun_at:
            begun.add_metric([line.name], line.begun_at.timestamp())
        if ended := _done(line):
            done.add_metric([line.name], ended)
    yield from (late, alarm, failures, begun, done)


def _done(line: Line) -> float | None:
    return line.ended_at.timestamp() if line.ended_at and line.outcome is Outcome.DONE else None


def _queue(figures: Figures) -> Iterator[Metric]:
    queue = figures.queue
    yield Gauge("remit_queue_up", "1 when the queue server answers", value=int(queue is not None))
    if queue is None:
        return
    waited = figures.now - queue.waiting_since if queue.waiting_since else timedelta()
    yield Gauge("remit_queue_length", "bells that no worker has answered yet", value=queue.length)
    yield Gauge(
        "remit_queue_oldest_seconds",
        "how long the oldest of the next hundred bells has waited",
        value=max(0.0, _seconds(waited)),
    )
    workers = Gauge("remit_workers", "living workers", labels=["state"])
    workers.add_metric(["busy"], queue.busy)
    workers.add_metric(["idle"], len(queue.workers) - queue.busy)
    yield workers


def _work(figures: Figures) -> Iterator[Metric]:
    runs = Gauge("remit_runs", "background work under way", labels=["state"])
    for state, count in figures.runs.items():
        runs.add_metric([state.value], count)
    failed = Gauge("remit_runs_failed", "failed work neither done again nor given up", labels=["kind"])
    for kind, count in figures.failures.items():
        failed.add_metric([kind.value], count)
    waited, people = _seconds(figures.runs_waiting), _seconds(figures.people_waiting)
    unsent = _seconds(figures.unsent_for)
    yield from (
        runs,
        failed,
        Gauge("remit_runs_oldest_seconds", "how long the oldest run has waited for a worker", value=waited),
        Gauge("remit_runs_people_oldest_seconds", "the same of runs that people started", value=people),
        Gauge("remit_notices_due", "deliveries of notices that are due and not sent", value=figures.unsent),
        Gauge("remit_notices_oldest_seconds", "how long the oldest of those has been due", value=unsent),
        Gauge("remit_notices_failed", "deliveries that failed for good", value=figures.unsendable),
    )


def _well(figures: Figures) -> Metric:
    return Gauge("remit_alarms", "sentences on the staff page of the schedule", value=len(alarms(figures)))


def _parts(readiness: Readiness) -> Metric:
    ready = Gauge("remit_ready", "1 when a part that the site needs is there", labels=["part"])
    for part, condition in readiness.parts.items():
        ready.add_metric([part], int(condition.well))
    return ready
