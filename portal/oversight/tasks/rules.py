"""What a task's state is, and by how much it is late. Pure (K-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.foundation.deadlines.rules import Standing
from portal.foundation.workdays.rules import Calendar

WHOLE = 100
"""Per cent of a task that is done."""


class Dating(StrEnum):
    """What the document says of the date: a day, nothing, or that the task is a lasting one (长期)."""

    FIXED = "fixed"
    UNSTATED = "unstated"
    STANDING = "standing"


class UnitRole(StrEnum):
    """What a unit has to do with a task: it leads (牵头) or takes part (配合)."""

    LEAD = "lead"
    PARTNER = "partner"


class TaskState(StrEnum):
    """Where a task stands; found from its milestones' deadlines and its newest report, stored nowhere."""

    LATE = "late"
    UNDER_WAY = "under_way"
    SILENT = "silent"
    """Without a date, and nobody has reported anything yet."""
    DONE_LATE = "done_late"
    DONE = "done"
    HISTORY = "history"
    """Its dates had long passed when it was entered, and nobody has opened them again (T-7)."""
    ENDED = "ended"
    """Everything about it was waived or cancelled."""

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self in (TaskState.LATE, TaskState.UNDER_WAY, TaskState.SILENT)


GONE = frozenset({Standing.WAIVED, Standing.CANCELLED})
WEIGHT = (
    (TaskState.LATE, frozenset({Standing.LATE})),
    (TaskState.UNDER_WAY, frozenset({Standing.DUE, Standing.PAUSED})),
    (TaskState.HISTORY, frozenset({Standing.HISTORY})),
    (TaskState.DONE_LATE, frozenset({Standing.DONE_LATE})),
    (TaskState.DONE, frozenset({Standing.DONE})),
    (TaskState.ENDED, GONE),
)
"""What a task is by its milestones: the first that fits any of them."""


def state(standings: Sequence[Standing], percent: int | None) -> TaskState:
    """The state of a task with milestones of these standings; without any, by the newest report alone.

    `percent` is that of the newest report, None before the first.
    """
    if not standings:
        if percent is None:
            return TaskState.SILENT
        return TaskState.DONE if percent >= WHOLE else TaskState.UNDER_WAY
    return next(said for said, known in WEIGHT if not known.isdisjoint(standings))


@dataclass(frozen=True)
class Span:
    """The days of a milestone: its last day and the day on which it was reached, None before."""

    due_on: date
    done_on: date | None = None


def days_late(calendar: Calendar, span: Span, today: date) -> int:
    """By how many working days a milestone is, or was, late; 0 when it is not."""
    return calendar.count(span.due_on, span.done_on or today)


def days_early(calendar: Calendar, span: Span) -> int:
    """How many working days before its last day a milestone was reached; 0 when it was not before."""
    return calendar.count(span.done_on, span.due_on) if span.done_on is not None else 0
