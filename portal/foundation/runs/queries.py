"""Reading background work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from portal.db import db
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import UNRUNG, RunKind, RunState

UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


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
    newest = select(Run).where(Run.started_by_id == account_id).order_by(Run.id.desc()).limit(limit)
    return db.session.scalars(newest).all()


def newest(*, limit: int = 50) -> Sequence[Run]:
    """The newest runs of everybody, for those with the right SEE_RUNS."""
    return db.session.scalars(select(Run).order_by(Run.id.desc()).limit(limit)).all()


def forgotten(now: datetime) -> Sequence[int]:
    """Ids of runs that nobody works on: their worker fell silent, or they have waited as if never rung for."""
    silent = and_(Run.state == RunState.RUNNING, Run.lease_until < now)
    unrung = and_(Run.state == RunState.QUEUED, Run.created_at < now - UNRUNG)
    return db.session.scalars(select(Run.id).where(or_(silent, unrung)).order_by(Run.id)).all()


def waiting(*, without: Collection[RunKind] = ()) -> Sequence[int]:
    """Ids of the runs that nobody has taken up yet, oldest first; those of some kinds left out."""
    queued = select(Run.id).where(Run.state == RunState.QUEUED, Run.kind.not_in(without))
    return db.session.scalars(queued.order_by(Run.id)).all()


def _latest(*conditions: ColumnElement[bool]) -> Run | None:
    statement = select(Run).where(*conditions).order_by(Run.id.desc()).limit(1)
    return db.session.scalars(statement).first()
