"""Carrying out background work: takes the lease, calls the kind's handler, writes down how it ended."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from pkgutil import resolve_name
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from jobs.beating import beating
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.queries import names
from portal.foundation.audit.circumstances import acting
from portal.foundation.audit.rules import Act, Outcome, Who
from portal.foundation.audit.service import record
from portal.foundation.runs import queries, service
from portal.foundation.runs.rules import BEAT, Lease, RunKind
from portal.foundation.runs.work import Handler, LeaseLost, RunCancelled
from portal.i18n import mark

log = structlog.get_logger(__name__)

HANDLERS: dict[RunKind, str] = {
    RunKind.READ_ANNEX: "portal.powers.lists.intake.reading:read_upload",
    RunKind.PUBLISH: "portal.foundation.publishing.service:carry_out",
    RunKind.EXPORT: "portal.powers.lists.exports.making:make",
    RunKind.HANDOUT: "portal.powers.handouts.making:make",
    RunKind.READ_ROWS: "portal.foundation.imports.rows.service:read",
    RunKind.WRITE_ROWS: "portal.foundation.imports.rows.service:write",
}
"""Which function carries out which kind of run; each is a Handler."""

BROKEN = mark("后台作业出了意外，没有做完。请再试一次；如果还是不行，请联系系统管理员。")


class Hold:
    """This worker's hold on one run: the Work that handlers get."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease

    def step(self, done: int, total: int) -> None:
        """Commit the handler's work so far with its progress; see Work.step."""
        try:
            service.progress(self._lease, done, total)
        except (LeaseLost, RunCancelled):
            db.session.rollback()
            raise
        db.session.commit()


def carry_out(run_id: int) -> None:
    """Do the run if it is still to be done; may be called any number of times, by any number of workers."""
    lease = service.claim(run_id)
    db.session.commit()
    if lease is None:
        return
    try:
        with beating(lambda: service.keep(lease), LeaseLost, BEAT), _acting(run_id):
            _carry_out(lease)
    except LeaseLost:
        db.session.rollback()
        log.warning("another worker has taken the run over", run=run_id)


def _acting(run_id: int) -> AbstractContextManager[None]:
    """What the run changes is told as done by it, for whoever started it."""
    run = queries.get(run_id)
    started_by = run.started_by_id if run is not None else None
    name = names([started_by]).get(started_by, "") if started_by is not None else ""
    return acting(f"run:{run.kind.value if run is not None else ''}:{run_id}", Who(started_by, name))


def _carry_out(lease: Lease) -> None:
    try:
        service.finish(lease, _handle(lease))
        record(Act.JOB, about=("runs", lease.run_id))
        db.session.commit()
    except LeaseLost:
        raise
    except RunCancelled:
        db.session.rollback()
        service.stop(lease)
        db.session.commit()
        log.info("run cancelled", run=lease.run_id)
    except Refused as refusal:
        _give_up(lease, str(refusal))
    except OperationalError as error:
        # The database was away or too busy for a moment; the sweeper will have the run taken up again.
        db.session.rollback()
        log.warning(
            "the database failed a run; it will be tried again", run=lease.run_id, error=type(error).__name__
        )
        service.release(lease)
        db.session.commit()
    except Exception:
        log.exception("a run broke", run=lease.run_id)
        _give_up(lease, BROKEN)


def _handle(lease: Lease) -> dict[str, Any]:
    run = queries.get(lease.run_id)
    if run is None:
        raise LeaseLost(lease.run_id)
    log.info("run taken up", run=run.id, kind=run.kind.value, attempt=run.attempts)
    handler: Handler = resolve_name(HANDLERS[run.kind])
    return handler(run, Hold(lease))


def _give_up(lease: Lease, message: str) -> None:
    db.session.rollback()
    service.fail(lease, message)
    record(Act.JOB, about=("runs", lease.run_id), outcome=Outcome.FAILED, why=message)
    db.session.commit()


def work_off(*, without: Collection[RunKind] = ()) -> int:
    """Carry out every waiting run in this very process, oldest first, and what they start; gives how many.

    Runs of the kinds in `without` are left to a worker.
    """
    count = 0
    while waiting := queries.waiting(without=without):
        for run_id in waiting:
            carry_out(run_id)
            count += 1
    return count
