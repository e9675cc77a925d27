"""The worker: takes jobs from the queue, one at a time, each in a process of its own.

The process is forked from the worker, which has the application loaded and no database connection open, so that
a job begins within milliseconds; starting the application anew for each would cost a second or two.

RQ's own settings notice a killed worker after up to 13 minutes. Ours are short; the lease in the database (one
minute) is what counts, these only keep the queue server's books true.
"""

from __future__ import annotations

from contextlib import suppress

from flask import current_app
from redis import Redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker

from portal.db import db
from portal.queue import QUEUE

WORKER_TTL = 30
MONITORING = 10
MAINTENANCE = 60
"""Seconds: until a silent worker counts as gone, between two looks at a running job, between two clean-ups."""

TRIES = 120
LONGEST_PAUSE = 1.0
"""A queue server may be away for about two minutes; after that the worker ends, for its supervisor to see."""


class PatientWorker(Worker):
    """RQ's worker with a connection that waits for the queue server, except when it has been told to stop."""

    def teardown(self) -> None:
        """Sign off from the queue server, if it is there."""
        self.connection.set_retry(Retry(NoBackoff(), 0))
        with suppress(RedisError, OSError):
            super().teardown()  # type: ignore[no-untyped-call]


def worker() -> PatientWorker:
    """A worker of this application, ready to `work()` until SIGINT or SIGTERM.

    RQ waits for a queue server that goes away between two jobs, but dies when it goes away during one; this
    connection waits at every moment.
    """
    connection = Redis.from_url(
        current_app.config["RQ_CONNECTION"],
        retry=Retry(ExponentialBackoff(cap=LONGEST_PAUSE, base=0.05), TRIES),
    )
    db.engine.dispose()
    return PatientWorker(
        [Queue(QUEUE, connection=connection)],
        connection=connection,
        worker_ttl=WORKER_TTL,
        job_monitoring_interval=MONITORING,
        maintenance_interval=MAINTENANCE,
    )
