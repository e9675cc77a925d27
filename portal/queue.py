"""The doorbell: says "look now" to a worker, after the change is committed, and never fails the change.

Rows say what is to be done; a bell that is lost (Valkey down, worker killed) is made up by the sweeper.
Jobs are named here, not imported: `jobs` imports the portal, never the other way round.
"""

from __future__ import annotations

from enum import StrEnum

import structlog
from flask import Flask, current_app
from flask_rq import RQ
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal.db import db

log = structlog.get_logger(__name__)
rq = RQ()

QUEUE = "default"
"""One queue: a worker on several loses a job when it dies just after taking it."""

PATIENCE = 2.0
"""Seconds that a request waits for the queue server before it leaves the work to the sweeper."""

LOOK_BACK = 1000
"""So many waiting bells are looked through for one that need not be rung again."""

LOOK_AHEAD = 100
"""So many of those that are next, where bells for the schedule and for people who wait are put."""


class Job(StrEnum):
    """Every job there is: the value is the function's address."""

    CARRY_OUT = "jobs.runs.carry_out"
    DELIVER = "jobs.notifications.deliver"
    LINKS = "jobs.signins.send_links"
    TURN = "jobs.schedule.take_turn"


Bell = tuple[str, tuple[int, ...]]
"""A job's address and the ids that are all it gets."""


def ring(job: Job, *ids: int, awaited: bool = False) -> None:
    """Ask for a job once the present transaction is committed; the same request twice is one bell.

    `awaited`: a person waits for it, so it goes before what nobody does, such as files made in advance.
    """
    session = db.session()
    if not session.in_transaction():
        # Only a transaction that has begun tells of its end, and a rollback must take the bell with it.
        session.begin()
    session.info.setdefault("bells", {})[job.value, ids] = awaited


def init_app(app: Flask) -> None:
    """Set up the queue and ring after each outermost commit."""
    rq.init_app(app)
    app.extensions["remit_bell"] = bell_connection(app.config["RQ_CONNECTION"])
    if not event.contains(Session, "after_commit", _answer):
        event.listen(Session, "after_commit", _answer)
        event.listen(Session, "after_soft_rollback", _forget)


def bell_connection(url: str) -> Redis:
    """A connection that gives up after a moment: a person is waiting, and the sweeper makes up for it."""
    return Redis.from_url(
        url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )


def waiting() -> set[Bell]:
    """The bells that no worker has answered yet: the newest thousand, and those at the front for somebody who waits.

    Raises RedisError when the queue server is down.
    """
    queue = _queue()
    ids = dict.fromkeys([*queue.get_job_ids(0, LOOK_AHEAD), *queue.get_job_ids(-LOOK_BACK, LOOK_BACK)])
    jobs = queue.job_class.fetch_many(ids, connection=queue.connection)
    return {(str(job.func_name), tuple(job.args)) for job in jobs if job is not None}


def _queue() -> Queue:
    """The workers' queue by way of the impatient connection."""
    kind = type(rq.get_queue(QUEUE))
    return kind(
        QUEUE, connection=current_app.extensions["remit_bell"], job_class=rq.get_queue(QUEUE).job_class
    )


def _answer(session: Session) -> None:
    # after_commit also fires for savepoints; the change is only real at the outermost commit.
    if session.in_nested_transaction():
        return
    bells: dict[Bell, bool] = session.info.pop("bells", {})
    if not bells:
        return
    if current_app.config["REMIT"].testing and not current_app.config.get("BELL_IN_TESTS"):
        return
    _enqueue(bells)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    # A savepoint rolled back leaves the bells rung before it; one too many finds nothing to do.
    if transaction.parent is None:
        session.info.pop("bells", None)


def _enqueue(bells: dict[Bell, bool]) -> None:
    """Ring them all in one round trip, or none: with the first failure the rest would only wait as long."""
    wanted = [
        Queue.prepare_data(job, args=ids, timeout=1800, result_ttl=60, failure_ttl=86400, at_front=awaited)
        for (job, ids), awaited in bells.items()
    ]
    try:
        _queue().enqueue_many(wanted)
    except (RedisError, OSError) as error:
        log.warning(
            "the bell could not be rung; the sweeper will look", bells=len(bells), error=type(error).__name__
        )
