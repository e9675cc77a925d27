"""The verbs of background work.

Whoever changes a run under way shows the lease: a worker that was given up and comes back finds that nothing
from it is taken any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, or_, update

from portal import clock
from portal.db import db
from portal.foundation.runs import queries
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import ATTEMPTS, LEASE, Lease, RunKind, RunState
from portal.foundation.runs.work import LeaseLost
from portal.i18n import mark
from portal.queue import Job, ring

GAVE_UP = mark("后台作业几次都没有做完，已经停下。请再试一次；如果还是不行，请联系系统管理员。")


def start(kind: RunKind, subject_id: int, *, by: int | None) -> Run:
    """Write down a run about the record `subject_id` for the account with the id `by` and ring for it.

    What a person started goes before what follows by itself (`by` is None). Asking again while one of the same kind
    about the same record is under way gives that one.
    """
    run = queries.under_way(kind, subject_id)
    if run is None:
        run = Run(kind=kind, subject_id=subject_id, started_by_id=by)
        db.session.add(run)
        db.session.flush()
    ring(Job.CARRY_OUT, run.id, awaited=by is not None)
    return run


def claim(run_id: int) -> Lease | None:
    """Take the run for one worker; the lease is its proof. None when there is nothing to take.

    One statement decides between workers who ask at once, on both databases. A lease that ran out is taken
    over. A run that was taken up ATTEMPTS times without an end is failed here, and None given.
    """
    now, token = clock.now(), uuid4().hex
    free = free_at(now)
    spent = {"state": RunState.FAILED, "message": GAVE_UP, "lease": None, "finished_at": now}
    if _change(run_id, and_(free, Run.attempts >= ATTEMPTS), spent):
        return None
    taken = {
        "state": RunState.RUNNING,
        "lease": token,
        "lease_until": now + LEASE,
        "attempts": Run.attempts + 1,
    }
    if not _change(run_id, free, taken):
        return None
    return Lease(run_id, token)


def free_at(now: datetime) -> ColumnElement[bool]:
    """The condition under which a run may be taken: waiting, or held by a worker that fell silent."""
    return or_(Run.state == RunState.QUEUED, and_(Run.state == RunState.RUNNING, Run.lease_until < now))


def keep(lease: Lease) -> None:
    """A sign of life from a worker at something long; raises LeaseLost when the run is another worker's."""
    _held(lease, {"lease_until": clock.now() + LEASE})


def progress(lease: Lease, done: int, total: int) -> None:
    """Say how far the work is and keep the lease; raises LeaseLost when the run is another worker's."""
    _held(lease, {"done": done, "total": total, "lease_until": clock.now() + LEASE})


def finish(lease: Lease, result: dict[str, Any]) -> None:
    """End the run well with a result fit for JSON; raises LeaseLost when it is another worker's."""
    _held(lease, {"state": RunState.DONE, "result": result, "message": "", **_ended()})


def fail(lease: Lease, message: str) -> None:
    """End the run with a sentence for whoever started it; raises LeaseLost when it is another worker's."""
    _held(lease, {"state": RunState.FAILED, "message": message, **_ended()})


def release(lease: Lease) -> None:
    """Give the run back to be taken up again (the database was away, the worker is told to stop)."""
    _held(lease, {"state": RunState.QUEUED, "lease": None, "lease_until": None})


def retry(run: Run, *, by: int | None) -> Run:
    """A fresh run of the same kind about the same record, for the account with the id `by`."""
    return start(run.kind, run.subject_id, by=by)


def _ended() -> dict[str, Any]:
    return {"lease": None, "lease_until": None, "finished_at": clock.now()}


def _held(lease: Lease, values: dict[str, Any]) -> None:
    """Change the run if the lease still holds."""
    if not _change(lease.run_id, and_(Run.state == RunState.RUNNING, Run.lease == lease.token), values):
        raise LeaseLost(lease.run_id)


def _change(run_id: int, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    statement = update(Run).where(Run.id == run_id, where).values(values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    # The statement went past the session; whoever holds the record sees what became of it.
    db.session.get(Run, run_id, populate_existing=True)
    return bool(done.rowcount)  # type: ignore[attr-defined]
