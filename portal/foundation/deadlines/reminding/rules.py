"""Steps of reminding: before the day, on it, then weekly, rising. Pure (T-5).

Nothing is stored as a timer: which step a deadline is at follows from its dates and the day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Level(IntEnum):
    """How far a reminder has risen; each level tells those below it as well."""

    NONE = 0
    OFFICER = 1
    LEADER = 2
    OFFICE = 3


@dataclass(frozen=True)
class Steps:
    """When a kind reminds: so many days before (0: on the day), then every so many days, from which one it rises."""

    before: tuple[int, ...] = (30, 7, 1, 0)
    every: int = 7
    leader: int = 7
    office: int = 14

    def level(self, late: int) -> Level:
        """How far a reminder rises that comes so many days after the day; 0 or less before it."""
        if late >= self.office:
            return Level.OFFICE
        return Level.LEADER if late >= self.leader else Level.OFFICER


USUAL = Steps()


@dataclass(frozen=True)
class Step:
    """One reminder: its day, how many days after the last one that is (negative before), how far it rises.

    `name` tells it from every other step of the deadline: when the last day moves, its steps are others.
    """

    name: str
    on: date
    late: int
    level: Level

    def missed(self, today: date) -> bool:
        """Whether its own day has passed, so that it goes out late (逾期补发)."""
        return today > self.on


def step_at(plan: Steps, since: date, due_on: date, today: date) -> Step | None:
    """The newest step that has come by the day, or None.

    Steps before `since` (the opening, or the last change of the date) are skipped. Of several that nobody was there
    to send only the newest is left: it says all that the others would have said.
    """
    newest = None
    for step in _steps(plan, due_on, today):
        if since <= step.on <= today:
            newest = step
    return newest


def _steps(plan: Steps, due_on: date, today: date) -> Iterator[Step]:
    """Every step from the first to the last one that has come by the day, in order."""
    for days in sorted(plan.before, reverse=True):
        yield _step(plan, due_on, -days)
    late = (today - due_on).days
    if late >= plan.every:
        # The weeks between are past: the newest is enough, however late.
        yield _step(plan, due_on, late - late % plan.every)


def _step(plan: Steps, due_on: date, late: int) -> Step:
    return Step(f"{due_on.isoformat()}{late:+d}", due_on + timedelta(days=late), late, plan.level(late))
