"""Reading background work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.db import db
from portal.foundation.runs.models import Run, RunRecord
from portal.foundation.runs.rules import LEASE, UNDER_WAY, UNRUNG, RunKind, RunState


def get(run_id: int) -> Run | None:
    """The run with that id."""
    return db.session.get(Run, run_id)


def under_way(kind: RunKind, subject_id: int) -> Run | None:
    """The run of that kind about that record that has not ended, if any."""
    return _latest(Run.kind == kind, Run.subject_id == subject_id, Run.state.in_(UNDER_WAY))


def latest(kind: RunKind, subject_id: int) -> Run | None:
    """The newest run of that kind about that record, ended or not."""
    return _latest(Run.kind == kind, Run.subject_id == subject_id)


def started_by(account_id: int, *, limit: int = 50) -> Sequence[Run]:
    """The newest runs that the account started."""
    return listed(started_by_id=account_id, limit=limit)


def newest(*, limit: int = 50) -> Sequence[Run]:
    """The newest runs of everybody, for those with the right SEE_RUNS."""
    return listed(limit=limit)


def listed(
    *,
    state: RunState | None = None,
    kind: RunKind | None = None,
    started_by_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Run]:
    """Runs, newest first, narrowed by what is given; `before` goes on below the run of that id."""
    found = select(Run).order_by(Run.id.desc()).limit(limit)
    wanted = {Run.state: state, Run.kind: kind, Run.started_by_id: started_by_id}
    found = found.where(*(column == value for column, value in wanted.items() if value is not None))
    if before is not None:
        found = found.where(Run.id < before)
    return db.session.scalars(found).all()


def failures() -> dict[RunKind, int]:
    """How many runs of each kind have failed and were neither done again nor given up, most first."""
    count = func.count().label("count")
    failed = select(Run.kind, count).where(Run.state == RunState.FAILED).group_by(Run.kind)
    return dict(db.session.execute(failed.order_by(count.desc(), Run.kind)).all())


def failed(kind: RunKind, *, limit: int) -> Sequence[int]:
    """Ids of failed runs of a kind, oldest first."""
    ids = select(Run.id).where(Run.state == RunState.FAILED, Run.kind == kind)
    return db.session.scalars(ids.order_by(Run.id).limit(limit)).all()


def under_way_counts() -> dict[RunState, int]:
    """How many runs wait and how many are being done."""
    open_ones = select(Run.state, func.count()).where(Run.state.in_(UNDER_WAY)).group_by(Run.state)
    counts = dict.fromkeys((RunState.QUEUED, RunState.RUNNING), 0)
    return counts | dict(db.session.execute(open_ones).all())


def waiting_since(*, for_people: bool = False) -> datetime | None:
    """Since when the run that has waited longest has waited, or of those that people started; None when none waits."""
    longest = select(func.min(Run.queued_at)).where(Run.state == RunState.QUEUED)
    return db.session.scalar(longest.where(Run.started_by_id.is_not(None)) if for_people else longest)


def records(run_id: int) -> Sequence[RunRecord]:
    """What people did to a run, oldest first."""
    theirs = select(RunRecord).where(RunRecord.run_id == run_id).order_by(RunRecord.id)
    return db.session.scalars(theirs).all()


def silent_at(now: datetime) -> ColumnElement[bool]:
    """The condition under which a run's worker counts as gone.

    A lease longer than any can be was written by a clock that was ahead; twice as long is let pass, since the clocks
    of two machines never agree.
    """
    lapsed = or_(Run.lease_until < now, Run.lease_until > now + 2 * LEASE)
    return and_(Run.state == RunState.RUNNING, lapsed)


def forgotten(now: datetime) -> Sequence[int]:
    """Ids of runs that nobody works on: their worker fell silent, or they have waited as if never rung for."""
    waited = or_(Run.queued_at.is_(None), Run.queued_at < now - UNRUNG, Run.queued_at > now)
    unrung = and_(Run.state == RunState.QUEUED, waited)
    return db.session.scalars(select(Run.id).where(or_(silent_at(now), unrung)).order_by(Run.id)).all()


def waiting(*, without: Collection[RunKind] = ()) -> Sequence[int]:
    """Ids of the runs that nobody has taken up yet, oldest first; those of some kinds left out."""
    queued = select(Run.id).where(Run.state == RunState.QUEUED, Run.kind.not_in(without))
    return db.session.scalars(queued.order_by(Run.id)).all()


def _latest(*conditions: ColumnElement[bool]) -> Run | None:
    statement = select(Run).where(*conditions).order_by(Run.id.desc()).limit(1)
    return db.session.scalars(statement).first()
