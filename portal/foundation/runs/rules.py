"""Kinds and states of background work. Pure."""

from __future__ import annotations

from enum import StrEnum


class RunKind(StrEnum):
    """What a run does."""

    READ_ANNEX = "read_annex"
    PUBLISH = "publish"
    EXPORT = "export"


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
