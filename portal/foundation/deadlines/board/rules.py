"""What the board is asked for, and its weeks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEK = timedelta(days=7)
SOON = timedelta(days=7)
"""What is due within so many days from today stands apart from what is due later."""

DONE_FOR = timedelta(days=90)
"""What was done stays on the board for so long; older ones are found at their records."""

WEEKS_BEFORE, WEEKS_AFTER = 3, 8
"""Weeks of the heat map before and after the present one; what lies outside is gathered at its ends."""


class Part(StrEnum):
    """The parts of the board."""

    LATE = "late"
    SOON = "soon"
    DUE = "due"
    PAUSED = "paused"
    DONE = "done"
    DONE_LATE = "done_late"
    HISTORY = "history"


class By(StrEnum):
    """What the rows of the heat map are."""

    UNIT = "unit"
    PLACE = "place"
    KIND = "kind"
    LIST = "list"


LIVE_PARTS = (Part.LATE, Part.SOON, Part.DUE, Part.PAUSED)
"""Of what is owed now; these can be read unit by unit."""


@dataclass(frozen=True)
class Seen:
    """What an account may see: all, or what its organisations owe and what concerns its places (R-3)."""

    everything: bool = False
    organisation_ids: frozenset[int] = frozenset()
    place_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """What the board is narrowed by. `week` is a Monday; empty fields narrow by nothing."""

    seen: Seen
    part: Part | None = None
    owed_by: int | None = None
    kind: str = ""
    place: int | None = None
    list_id: int | None = None
    week: date | None = None


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks(today: date) -> list[date]:
    """The Mondays of the heat map: some weeks past, the present one, some to come."""
    first = monday(today) - WEEKS_BEFORE * WEEK
    return [first + number * WEEK for number in range(WEEKS_BEFORE + 1 + WEEKS_AFTER)]


def column(due_on: date, today: date) -> date:
    """The Monday under which a day is drawn: its own, or the first or the last of the map."""
    shown = weeks(today)
    return min(max(monday(due_on), shown[0]), shown[-1])


def heat(count: int, most: int) -> int:
    """How strong a field of the map is, from 0 (nothing) to 4."""
    return 0 if not count else 1 + min(3, (count * 4 - 1) // max(1, most))
