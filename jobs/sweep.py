"""The sweeper: finds what the doorbell missed. Running it twice, or in two places, does no harm."""

from __future__ import annotations

import structlog
from redis.exceptions import RedisError

from portal import clock
from portal.db import db
from portal.foundation.files import service as files
from portal.foundation.runs import queries as runs
from portal.foundation.signins.links import queries as links
from portal.queue import Job, ring, waiting

log = structlog.get_logger(__name__)


def sweep() -> None:
    """Ring again for runs whose worker fell silent or that were never rung for."""
    try:
        rung = waiting()
    except RedisError:
        rung = set()
    for run_id in runs.forgotten(clock.now()):
        if (Job.CARRY_OUT.value, (run_id,)) not in rung:
            log.info("ringing again for a run", run=run_id)
            ring(Job.CARRY_OUT, run_id)
    if links.due(clock.now(), limit=1) and (Job.LINKS.value, ()) not in rung:
        ring(Job.LINKS)
    db.session.commit()


def tidy() -> None:
    """Take away the bytes of files whose transaction was rolled back."""
    files.remove_strays()
    db.session.rollback()
