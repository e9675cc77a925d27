"""What a circular says of a period: each dated part as it stood on the last day, and each unit by its parts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.foundation.workdays.rules import Calendar

EVERY_DAY = range(1, 29)
"""Days that every month has."""

MOST_MONTHS = 12
"""After a long standstill no more months than these are made up."""


class Part(StrEnum):
    """The parts of a circular, in its order."""

    LATE = "late"
    DONE_LATE = "done_late"
    DONE = "done"
    UNDER_WAY = "under_way"
    UNDATED = "undated"

    @property
    def late(self) -> bool:
        """Whether its last day passed before it was done."""
        return self in (Part.LATE, Part.DONE_LATE)


@dataclass(frozen=True)
class Fact:
    """A part of a task as the rows have it: who answers for it, its last day (None: no date) and when it was done."""

    code: str
    title: str
    unit: str
    text: str
    begins_on: date
    due_on: date | None
    done_on: date | None
    percent: int | None


@dataclass(frozen=True)
class Line:
    """The same as a circular says it; `days` are working days late (LATE, DONE_LATE) or early (DONE)."""

    part: Part
    code: str
    title: str
    unit: str
    text: str
    due_on: date | None
    done_on: date | None
    percent: int | None
    days: int = 0


@dataclass(frozen=True)
class UnitLine:
    """One unit: how many of its parts are which, working days late in all, and how many before the day in all."""

    name: str
    done: int = 0
    done_late: int = 0
    late: int = 0
    days_late: int = 0
    days_early: int = 0

    @property
    def behind(self) -> bool:
        """Whether something of it is late, or was done late in the period."""
        return bool(self.late or self.done_late)

    @property
    def ahead(self) -> bool:
        """Whether it did something in the period, and everything in time."""
        return bool(self.done) and not self.behind


def lines(facts: Iterable[Fact], begin: date, end: date, calendar: Calendar) -> list[Line]:
    """The parts that the period is about, in the circular's order: worst first, then as the tasks follow.

    What was done before the period, or began after it, is left out.
    """
    found = [line for fact in facts if (line := _line(fact, begin, end, calendar)) is not None]
    order = list(Part)
    return sorted(found, key=lambda line: (order.index(line.part), -line.days if line.part.late else 0))


def _line(fact: Fact, begin: date, end: date, calendar: Calendar) -> Line | None:
    if fact.begins_on > end or (fact.done_on is not None and fact.done_on < begin):
        return None
    done_on = fact.done_on if fact.done_on is not None and fact.done_on <= end else None
    part, days = _part(fact.due_on, done_on, end, calendar)
    return Line(part, fact.code, fact.title, fact.unit, fact.text, fact.due_on, done_on, fact.percent, days)


def _part(due_on: date | None, done_on: date | None, end: date, calendar: Calendar) -> tuple[Part, int]:
    if due_on is None:
        return (Part.UNDATED if done_on is None else Part.DONE), 0
    if done_on is None:
        return (Part.LATE, calendar.count(due_on, end)) if due_on < end else (Part.UNDER_WAY, 0)
    if done_on > due_on:
        return Part.DONE_LATE, calendar.count(due_on, done_on)
    return Part.DONE, calendar.count(done_on, due_on)


def units(found: Sequence[Line]) -> list[UnitLine]:
    """Each unit's parts together, those ahead first and those behind last."""
    names = dict.fromkeys(line.unit for line in found)
    return sorted((_unit(name, [line for line in found if line.unit == name]) for name in names), key=_rank)


def _unit(name: str, own: Sequence[Line]) -> UnitLine:
    return UnitLine(
        name,
        done=sum(line.part is Part.DONE for line in own),
        done_late=sum(line.part is Part.DONE_LATE for line in own),
        late=sum(line.part is Part.LATE for line in own),
        days_late=sum(line.days for line in own if line.part.late),
        days_early=sum(line.days for line in own if line.part is Part.DONE),
    )


def _rank(unit: UnitLine) -> tuple[int, int, int, int]:
    return (unit.late + unit.done_late, unit.days_late, -unit.days_early, -unit.done)


def stored(found: Sequence[Line], ranked: Sequence[UnitLine]) -> dict[str, Any]:
    """Lines and units as the circular keeps them: days as ISO dates."""
    return {
        "lines": [{name: _plain(value) for name, value in asdict(line).items()} for line in found],
        "units": [asdict(unit) for unit in ranked],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def lines_of(content: dict[str, Any]) -> list[Line]:
    """The lines that a circular keeps."""
    return [
        Line(
            **{
                **kept,
                "part": Part(kept["part"]),
                "due_on": _day(kept["due_on"]),
                "done_on": _day(kept["done_on"]),
            }
        )
        for kept in content["lines"]
    ]


def units_of(content: dict[str, Any]) -> list[UnitLine]:
    """The units that a circular keeps."""
    return [UnitLine(**kept) for kept in content["units"]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def month_before(day: date) -> date:
    """The last day of the month before a day's."""
    return day.replace(day=1) - timedelta(days=1)


def months_due(through: date, day: int, today: date) -> list[tuple[date, date]]:
    """First and last day of each whole month after `through` whose circular is due, the oldest first.

    It is due from the `day` of the month that follows; `through` is the last day of a month.
    """
    found: list[tuple[date, date]] = []
    end = through
    while True:
        begin = end + timedelta(days=1)
        end = month_before((begin + timedelta(days=31)).replace(day=1))
        if today < end + timedelta(days=day):
            return found[-MOST_MONTHS:]
        found.append((begin, end))
