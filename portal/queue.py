"""The doorbell: says "look now" to a worker, after the change is committed, and never fails the change.

Rows say what is to be done; a bell that is lost (Valkey down, worker killed) is made up by the sweeper.
Jobs are named here, not imported: `jobs` imports the portal, never the other way round.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, current_app
from flask_rq import RQ
from redis.exceptions import RedisError
from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.db import db

log = structlog.get_logger(__name__)
rq = RQ()


class Job(StrEnum):
    """Every job there is: the value is the function's address."""

    CARRY_OUT = "jobs.runs.carry_out"
    DELIVER = "jobs.notifications.deliver"
    SWEEP = "jobs.sweep.sweep"


QUEUE = "default"
"""One queue: a worker on several loses a job when it dies just after taking it."""


def ring(job: Job, *ids: int) -> None:
    """Ask for a job once the present transaction is committed; `ids` are all it gets."""
    db.session.info.setdefault("bells", []).append((job, ids))


def init_app(app: Flask) -> None:
    """Set up the queue and ring after each outermost commit."""
    rq.init_app(app)
    if not event.contains(Session, "after_commit", _answer):
        event.listen(Session, "after_commit", _answer)
        event.listen(Session, "after_rollback", _forget)


def _answer(session: Session) -> None:
    # after_commit also fires for savepoints; the change is only real at the outermost commit.
    if session.in_nested_transaction():
        return
    for job, ids in session.info.pop("bells", []):
        _enqueue(job, ids)


def _forget(session: Session) -> None:
    session.info.pop("bells", None)


def _enqueue(job: Job, ids: tuple[Any, ...]) -> None:
    if current_app.config["REMIT"].testing and not current_app.config.get("BELL_IN_TESTS"):
        return
    try:
        rq.get_queue(QUEUE).enqueue(job.value, *ids, job_timeout=1800, result_ttl=60, failure_ttl=86400)
    except (RedisError, OSError) as error:
        log.warning(
            "the bell could not be rung; the sweeper will look", job=job.value, ids=ids, error=str(error)
        )
