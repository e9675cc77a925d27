"""Kinds and states of background work, and how long somebody may hold it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LEASE = timedelta(seconds=30)
"""How long a worker may be silent before its run is free for another one."""

BEAT = timedelta(seconds=7)
"""How often a living worker says so: about a fourth of the lease, so that two lost beats do no harm."""

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
    READ_ROWS = "read_rows"
    WRITE_ROWS = "write_rows"

    @property
    def can_be_dropped(self) -> bool:
        """Whether it may be cancelled or given up: a publication that two people decided on is carried out."""
        return self is not RunKind.PUBLISH


class RunState(StrEnum):
    """Where a run stands; all but the first two are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in UNDER_WAY

    @property
    def unfinished(self) -> bool:
        """Whether it has ended without its result, so that it can be done again."""
        return self.ended and self is not RunState.DONE


UNDER_WAY = frozenset({RunState.QUEUED, RunState.RUNNING})


class RunAct(StrEnum):
    """What a person did to a run."""

    CANCEL = "cancel"
    RETRY = "retry"
    DISCARD = "discard"


def percent(done: int, total: int) -> int:
    """Progress from 0 to 100, rounded down so that 100 means all; 0 while the total is not known."""
    return min(100, done * 100 // total) if total else 0
