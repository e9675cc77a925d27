"""What the queue server has to say: workers, bells that wait, and since when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq.executions import WORKER_EXECUTIONS_KEY_TEMPLATE
from rq.job import Job
from rq.utils import as_text, parse_composite_key, utcparse
from rq.worker_registration import get_keys

from portal import clock
from portal.queue import QUEUE, Bell

SILENT = timedelta(seconds=60)
"""A worker says every ten to fifteen seconds that it lives; one silent for so long is gone."""

PREFIX = "rq:worker:"

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
    keys = [as_text(key) for key in get_keys(connection=connection)]
    with connection.pipeline(transaction=False) as several:
        for key in keys:
            several.hgetall(key)
            several.smembers(WORKER_EXECUTIONS_KEY_TEMPLATE.format(key.removeprefix(PREFIX)))
        said = several.execute()
    found = [
        ({as_text(name): as_text(value) for name, value in raw.items()}, sorted(map(as_text, at_it)))
        for raw, at_it in zip(said[::2], said[1::2], strict=True)
    ]
    living = [(worker, at_it) for worker, at_it in found if _lives(worker, now)]
    doing = _bells([parse_composite_key(each)[0] for _worker, at_it in living for each in at_it], connection)
    workers = [_worker(worker, at_it, doing) for worker, at_it in living]
    return sorted(workers, key=lambda each: (each.host, each.since or now))


def _lives(worker: Mapping[str, str], now: datetime) -> bool:
    beat = worker.get("last_heartbeat")
    return bool(beat) and now - utcparse(str(beat)) < SILENT


def _bells(job_ids: Collection[str], connection: Redis) -> dict[str, Bell]:
    """The bells of these jobs, as far as the queue server still knows them."""
    jobs = Job.fetch_many(job_ids, connection=connection)
    return {job.id: (str(job.func_name), tuple(job.args)) for job in jobs if job is not None}


def _worker(worker: Mapping[str, str], at_it: Sequence[str], doing: Mapping[str, Bell]) -> LivingWorker:
    birth, busy = worker.get("birth"), worker.get("state") == "busy"
    # One that was cut off stays in the queue server's books for a while.
    bells = [doing.get(parse_composite_key(each)[0]) for each in at_it] if busy else []
    return LivingWorker(
        host=worker.get("hostname", ""),
        busy=busy,
        since=utcparse(birth) if birth else None,
        doing=next((each for each in bells if each is not None), None),
    )
