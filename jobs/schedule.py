"""What is rung for by the clock, as data, and the scheduler that does it.

Missed ticks are not made up and two schedulers ring twice: both are harmless, since every job here looks at the
rows first (ARCHITECTURE 1.3).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import structlog
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError
from rq.cron import CronScheduler
from rq.exceptions import StopRequested

from jobs.exports import prepare
from jobs.sweep import sweep, tidy
from portal.queue import QUEUE

log = structlog.get_logger(__name__)

DAY = 86400
PAUSE = 2.0
"""Seconds between two attempts to reach a queue server that is away."""


@dataclass(frozen=True)
class Tick:
    """A job and how many seconds lie between two rings for it; it is rung for at the start as well."""

    job: Callable[[], None]
    seconds: int


SCHEDULE = (
    Tick(sweep, 30),
    Tick(tidy, DAY),
    Tick(prepare, DAY),
)


class Scheduler(CronScheduler):
    """RQ's scheduler, which ends at the first moment without a queue server; this one waits for it."""

    stopping = False

    def _request_stop(self, signum: int, frame: FrameType | None) -> Any:
        self.stopping = True
        super()._request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def keep_time(self) -> None:
        """Ring by the schedule until SIGINT or SIGTERM."""
        while not self.stopping:
            try:
                self.start()  # type: ignore[no-untyped-call]
            except StopRequested:
                return
            except (RedisError, OSError) as error:
                log.warning("the queue server is away; the scheduler waits", error=type(error).__name__)
                self._pause()

    def _pause(self) -> None:
        until = time.monotonic() + PAUSE
        while not self.stopping and time.monotonic() < until:
            try:
                time.sleep(0.1)
            except StopRequested:
                return


def scheduler() -> Scheduler:
    """The scheduler of this application, ready to `keep_time()`."""
    made = Scheduler(Redis.from_url(current_app.config["RQ_CONNECTION"]))
    for tick in SCHEDULE:
        # A tick that no worker took up before the next one is worth nothing.
        made.register(
            tick.job, QUEUE, interval=tick.seconds, ttl=tick.seconds, result_ttl=60, job_timeout=1800
        )
    return made
