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
from portal.errors import Conflict, NotFound
from portal.foundation.rights.rules import Operator, Right
from portal.foundation.rights.service import may
from portal.foundation.runs import queries
from portal.foundation.runs.models import Run, RunRecord
from portal.foundation.runs.rules import ATTEMPTS, LEASE, UNDER_WAY, Lease, RunAct, RunKind, RunState
from portal.foundation.runs.work import LeaseLost, RunCancelled
from portal.i18n import mark
from portal.queue import Job, ring

GAVE_UP = mark("后台作业几次都没有做完，已经停下。请再试一次；如果还是不行，请联系系统管理员。")

CANCELLED = mark("已经取消。")


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
    over. A run that was taken up ATTEMPTS times without an end is failed here, and None given; likewise one that was
    cancelled while its worker was dying.
    """
    now, token = clock.now(), uuid4().hex
    free = free_at(now)
    cancelled = {"state": RunState.CANCELLED, "message": CANCELLED, "lease": None, "finished_at": now}
    if _change(run_id, and_(free, Run.cancel_asked_at.is_not(None)), cancelled):
        return None
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
    return or_(Run.state == RunState.QUEUED, queries.silent_at(now))


def keep(lease: Lease) -> None:
    """A sign of life from a worker at something long; raises LeaseLost when the run is another worker's."""
    _held(lease, {"lease_until": clock.now() + LEASE})


def progress(lease: Lease, done: int, total: int) -> None:
    """Say how far the work is and keep the lease.

    Raises LeaseLost when the run is another worker's, RunCancelled when a person has cancelled it.
    """
    _held(lease, {"done": done, "total": total, "lease_until": clock.now() + LEASE})
    run = queries.get(lease.run_id)
    if run is not None and run.cancel_asked_at is not None:
        raise RunCancelled(lease.run_id)


def finish(lease: Lease, result: dict[str, Any]) -> None:
    """End the run well with a result fit for JSON; raises LeaseLost when it is another worker's."""
    _held(lease, {"state": RunState.DONE, "result": result, "message": "", **_ended()})


def fail(lease: Lease, message: str) -> None:
    """End the run with a sentence for whoever started it; raises LeaseLost when it is another worker's."""
    _held(lease, {"state": RunState.FAILED, "message": message, **_ended()})


def release(lease: Lease) -> None:
    """Give the run back to be taken up again (the database was away, the worker is told to stop)."""
    again = {"state": RunState.QUEUED, "lease": None, "lease_until": None, "queued_at": clock.now()}
    _held(lease, again)


def stop(lease: Lease) -> None:
    """End a run that a person has cancelled; raises LeaseLost when it is another worker's."""
    _held(lease, {"state": RunState.CANCELLED, "message": CANCELLED, **_ended()})


def cancel(run_id: int, *, by: Operator) -> Run:
    """Cancel a run: at once while it waits, else at its worker's next step, with what came before left as it is.

    For whoever started it, and for the right SEE_RUNS. Raises NotFound for anybody else, Conflict when it has ended
    or is of a kind that has to be carried out.
    """
    run = _own(run_id, by)
    if not run.kind.can_be_dropped:
        raise Conflict("已经批准的公布不能取消；内容有误，请公布之后更正，或者申请关闭。")
    now = clock.now()
    at_once = {"state": RunState.CANCELLED, "message": CANCELLED, "finished_at": now, "cancel_asked_at": now}
    if not _change(run_id, Run.state == RunState.QUEUED, at_once):
        running = and_(Run.state == RunState.RUNNING, Run.cancel_asked_at.is_(None))
        if not _change(run_id, running, {"cancel_asked_at": now}):
            raise Conflict("这项作业已经结束，或者已经有人取消。")
    return _recorded(run, RunAct.CANCEL, by)


def retry(run_id: int, *, by: Operator) -> Run:
    """Do a run again that has ended without its result, from the first attempt.

    Gives another of the same kind about the same record, if one is under way already. For whoever started it, and
    for the right SEE_RUNS. Raises NotFound for anybody else, Conflict when there is nothing to do again.
    """
    run = _own(run_id, by)
    if not run.state.unfinished:
        raise Conflict("这项作业没有失败，不用再做。")
    other = queries.under_way(run.kind, run.subject_id)
    again: dict[str, Any] = {
        "state": RunState.QUEUED,
        **dict.fromkeys(("done", "total", "attempts"), 0),
        **dict.fromkeys(("lease", "lease_until", "finished_at", "cancel_asked_at"), None),
        "message": "",
        "queued_at": clock.now(),
    }
    if other is not None:
        again = {"state": RunState.DISCARDED}
    if not _change(run_id, Run.state.not_in([*UNDER_WAY, RunState.DONE]), again):
        raise Conflict("这项作业没有失败，不用再做。")
    _recorded(run, RunAct.RETRY, by)
    ring(Job.CARRY_OUT, (other or run).id, awaited=True)
    return other or run


def discard(run_id: int, *, by: Operator) -> Run:
    """Give a failed run up: it is no longer listed among what failed. For the right SEE_RUNS and whoever started it.

    Raises NotFound for anybody else, Conflict when it has not failed or is of a kind that has to be carried out.
    """
    run = _own(run_id, by)
    if not run.kind.can_be_dropped:
        raise Conflict("已经批准的公布不能放弃：请再做一次，或者由批准人退回这份送审。")
    if not _change(run_id, Run.state == RunState.FAILED, {"state": RunState.DISCARDED}):
        raise Conflict("这项作业没有失败，不用放弃。")
    return _recorded(run, RunAct.DISCARD, by)


def _own(run_id: int, by: Operator) -> Run:
    run = queries.get(run_id)
    if run is None or not by.active or not (run.started_by_id == by.id or may(by, Right.SEE_RUNS)):
        raise NotFound("没有这项作业。")
    return run


def _recorded(run: Run, act: RunAct, by: Operator) -> Run:
    db.session.add(RunRecord(run_id=run.id, act=act, by_id=by.id))
    db.session.flush()
    return run


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
