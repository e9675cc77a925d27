"""The worker: takes jobs from the queue, one at a time, each in a process of its own.

The process is forked from the worker, which has the application loaded and no database connection open, so that
a job begins within milliseconds; starting the application anew for each would cost a second or two.

RQ's own settings notice a killed worker after up to 13 minutes. Ours are short; the lease in the database (one
minute) is what counts, these only keep the queue server's books true.
"""

from __future__ import annotations

from contextlib import suppress
from types import FrameType

from flask import current_app
from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError  # noqa: A004  the queue server's
from redis.retry import Retry
from rq import Queue, Worker
from rq.job import Job

from portal.db import db
from portal.queue import QUEUE

WORKER_TTL = 30
MONITORING = 10
MAINTENANCE = 60
"""Seconds: until a silent worker counts as gone, between two looks at a running job, between two clean-ups."""

TRIES = 120
LONGEST_PAUSE = 1.0
"""A queue server may be away for about two minutes; after that the worker ends, for its supervisor to see."""


class Patience(ExponentialBackoff):
    """Pauses between attempts to reach the queue server, until the worker is told to stop."""

    over = False

    def __deepcopy__(self, _memo: object) -> Patience:
        # Each connection copies what it is given; all are to hear that the patience is over.
        return self

    def compute(self, failures: int) -> float:
        """Seconds until the next attempt; raises ConnectionError when there is to be none."""
        if self.over:
            raise ConnectionError("the worker stops without waiting for the queue server")
        return float(super().compute(failures))


class PatientWorker(Worker):
    """RQ's worker, which dies when the queue server goes away during a job; this one waits for it.

    Told to stop, it waits no longer, neither for the server nor to sign off from it.
    """

    patience: Patience

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the present job; RQ's own handler would wait for the queue server here."""
        self.patience.over = True
        with suppress(ConnectionError):
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do the job in the forked process, which does not wait: what it did is in the database, not in the queue."""
        self.patience.over = True
        super().main_work_horse(job, queue)

    def teardown(self) -> None:
        """Sign off from the queue server, if it is there."""
        self.patience.over = True
        with suppress(ConnectionError):
            super().teardown()  # type: ignore[no-untyped-call]


def worker() -> PatientWorker:
    """A worker of this application, ready to `work()` until SIGINT or SIGTERM."""
    patience = Patience(cap=LONGEST_PAUSE, base=0.05)
    connection = Redis.from_url(current_app.config["RQ_CONNECTION"], retry=Retry(patience, TRIES))
    db.engine.dispose()
    made = PatientWorker(
        [Queue(QUEUE, connection=connection)],
        connection=connection,
        worker_ttl=WORKER_TTL,
        job_monitoring_interval=MONITORING,
        maintenance_interval=MAINTENANCE,
    )
    made.patience = patience
    return made
