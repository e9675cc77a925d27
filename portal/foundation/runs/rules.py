"""Kinds and states of background work, and how long somebody may hold it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=60)
"""How long a worker may be silent before its run is free for another one."""

BEAT = timedelta(seconds=15)
"""How often a living worker says so: a fourth of the lease, so that two lost beats do no harm."""

UNRUNG = timedelta(seconds=30)
"""A run that waited longer than this was perhaps never rung for."""

ATTEMPTS = 4
"""How often a run is taken up before it counts as failed: it may be what kills the workers."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A worker's proof that a run is its own; it holds no row, so that nothing the database says changes it."""

    run_id: int
    token: str


class RunKind(StrEnum):
    """What a run does."""

    READ_ANNEX = "read_annex"
    PUBLISH = "publish"
    EXPORT = "export"
    HANDOUT = "handout"


class RunState(StrEnum):
    """Where a run stands; the last two are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (RunState.DONE, RunState.FAILED)


def percent(done: int, total: int) -> int:
    """Progress from 0 to 100, rounded down so that 100 means all; 0 while the total is not known."""
    return min(100, done * 100 // total) if total else 0
