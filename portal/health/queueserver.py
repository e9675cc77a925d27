"""What the queue server has to say: workers, bells that wait, and since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq.job import Job
from rq.utils import as_text, utcparse
from rq.worker_registration import get_keys

from portal import clock
from portal.queue import QUEUE, Bell

SILENT = timedelta(seconds=60)
"""A worker says every ten to fifteen seconds that it lives; one silent for so long is gone."""

NEXT = 100
"""So many of those in line are asked since when they wait."""


@dataclass(frozen=True)
class LivingWorker:
    """A worker that has said lately that it lives."""

    host: str
    busy: bool
    since: datetime | None
    doing: Bell | None = None
    """The bell that it is answering, by the job's address and its ids."""


@dataclass(frozen=True)
class QueueState:
    """The queue at one moment: how many bells wait, since when the first in line does, who works."""

    length: int
    waiting_since: datetime | None
    workers: tuple[LivingWorker, ...]

    @property
    def busy(self) -> int:
        """How many workers are at something."""
        return sum(worker.busy for worker in self.workers)


def look() -> QueueState | None:
    """The queue now; None when the queue server is away or takes longer than a moment."""
    connection: Redis = current_app.extensions["remit_bell"]
    try:
        return QueueState(
            length=int(connection.llen(f"rq:queue:{QUEUE}")),
            waiting_since=_waiting_since(connection),
            workers=tuple(_workers(connection)),
        )
    except (RedisError, OSError):
        return None


def answers() -> bool:
    """Whether the queue server answers within a moment."""
    connection: Redis = current_app.extensions["remit_bell"]
    try:
        return bool(connection.ping())
    except (RedisError, OSError):
        return False


def _waiting_since(connection: Redis) -> datetime | None:
    """Since when the oldest of the next hundred has waited; bells for people and the schedule go to the front."""
    ids: list[bytes] = connection.lrange(f"rq:queue:{QUEUE}", 0, NEXT - 1)  # type: ignore[assignment]
    with connection.pipeline(transaction=False) as several:
        for job_id in ids:
            several.hget(Job.key_for(as_text(job_id)), "enqueued_at")
        moments = [utcparse(as_text(kept)) for kept in several.execute() if kept]
    return min(moments, default=None)


def _workers(connection: Redis) -> list[LivingWorker]:
    now = clock.now()
    with connection.pipeline(transaction=False) as several:
        for key in get_keys(connection=connection):
            several.hgetall(key)
        said = several.execute()
    found = [{as_text(name): as_text(value) for name, value in raw.items()} for raw in said]
    living = [worker for worker in found if _lives(worker, now)]
    doing = _bells([worker["current_job"] for worker in living if "current_job" in worker], connection)
    workers = [_worker(worker, doing) for worker in living]
    return sorted(workers, key=lambda each: (each.host, each.since or now))


def _lives(worker: Mapping[str, str], now: datetime) -> bool:
    beat = worker.get("last_heartbeat")
    return bool(beat) and now - utcparse(str(beat)) < SILENT


def _bells(job_ids: Collection[str], connection: Redis) -> dict[str, Bell]:
    """The bells of these jobs, as far as the queue server still knows them."""
    jobs = Job.fetch_many(job_ids, connection=connection)
    return {job.id: (str(job.func_name), tuple(job.args)) for job in jobs if job is not None}


def _worker(worker: Mapping[str, str], doing: Mapping[str, Bell]) -> LivingWorker:
    birth = worker.get("birth")
    return LivingWorker(
        host=worker.get("hostname", ""),
        busy=worker.get("state") == "busy",
        since=utcparse(birth) if birth else None,
        doing=doing.get(worker.get("current_job", "")),
    )
