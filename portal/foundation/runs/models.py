"""Background work, one row each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base
from portal.foundation.runs.rules import RunAct, RunKind, RunState


class Run(Base):
    """A piece of background work: whoever holds the lease works on it; a lease that ran out is free again."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
        # The newest of a kind, however many others have ended.
        Index(None, "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RunKind]
    state: Mapped[RunState] = mapped_column(default=RunState.QUEUED, index=True)
    subject_id: Mapped[int] = mapped_column(comment="the record that the work is about, by its kind's table")
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    message: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    queued_at: Mapped[datetime | None] = mapped_column(
        default=clock.now, comment="when it last began to wait"
    )
    cancel_asked_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RunRecord(Base):
    """What a person did to a run, by whom and when; never changed."""

    __tablename__ = "run_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    act: Mapped[RunAct]
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)
