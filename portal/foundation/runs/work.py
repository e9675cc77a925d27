"""What a handler of background work gets to talk to the run with."""

from __future__ import annotations

from typing import Any, Protocol

from portal.foundation.runs.models import Run


class Work(Protocol):
    """A worker's hold on a run."""

    def step(self, done: int, total: int) -> None:
        """Commit what the handler did so far together with its progress, and keep the lease.

        Raises LeaseLost, with everything since the last step rolled back, when another worker has taken the
        run over, and RunCancelled likewise when a person has cancelled it; a handler lets both pass. Step
        before anything long too: an open transaction keeps other writers waiting on SQLite.
        """


class Handler(Protocol):
    """Carries out one kind of run and gives its result (fit for JSON).

    It may be killed at any moment and called again with the same run, so it looks at the state first. It may
    raise Refused, whose sentence is shown to whoever started the run.
    """

    def __call__(self, run: Run, work: Work) -> dict[str, Any]:
        """Do the work; the caller commits."""


class LeaseLost(Exception):  # noqa: N818  it is an answer, not a fault
    """The run is another worker's now, or has ended; whoever held it stops."""


class RunCancelled(Exception):  # noqa: N818  likewise
    """A person has cancelled the run; whoever holds it stops and writes that down."""
