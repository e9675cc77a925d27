"""Counted days laid out in months and summed up. Pure (T-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.foundation.deadlines.rules import Counted, Why
from portal.foundation.workdays.rules import DayKind

WEEK = 7
MOST_MONTHS = 13
"""So many months are drawn; of a longer period its first and its last ones."""


@dataclass(frozen=True)
class Cell:
    """A day of a month; `counted` is what became of it, None outside the period; `last` is the due day."""

    day: date
    counted: Counted | None
    last: bool = False


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday; None stands for the days of its neighbours."""

    first: date
    weeks: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True)
class Summary:
    """How many days passed after the day of the event, and what they were."""

    passed: int
    counted: int
    holidays: int
    weekends: int
    paused: int
    makeups: int
    rolled: int


def months(days: Sequence[Counted]) -> list[Month]:
    """The months that a period touches, each whole; of a very long one the first and the last."""
    known = {each.day: each for each in days}
    firsts = _firsts(days[0].day, days[-1].day)
    if len(firsts) > MOST_MONTHS:
        half = MOST_MONTHS // 2
        firsts = [*firsts[:half], *firsts[-half:]]
    return [_month(first, known, days[-1].day) for first in firsts]


def summary(days: Sequence[Counted]) -> Summary:
    """The days of a period summed up; the day of the event is not among them."""
    later = days[1:] if days[0].why is Why.BEGIN else days
    off = [each for each in later if each.why in (Why.OFF, Why.ROLLED) and not each.kind.worked]
    return Summary(
        passed=len(later),
        counted=max((each.number or 0 for each in later), default=0),
        holidays=sum(each.kind is DayKind.HOLIDAY for each in off),
        weekends=sum(each.kind is DayKind.WEEKEND for each in off),
        paused=sum(each.why is Why.PAUSED for each in later),
        makeups=sum(each.kind is DayKind.MAKEUP for each in later if each.why is Why.COUNTED),
        rolled=sum(each.why is Why.ROLLED for each in later),
    )


def _firsts(begin: date, end: date) -> list[date]:
    found = [begin.replace(day=1)]
    while (following := (found[-1] + timedelta(days=31)).replace(day=1)) <= end:
        found.append(following)
    return found


def _month(first: date, known: dict[date, Counted], last: date) -> Month:
    cells: list[Cell | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(Cell(day, known.get(day), day == last))
        day += timedelta(days=1)
    cells += [None] * (-len(cells) % WEEK)
    return Month(first, [cells[at : at + WEEK] for at in range(0, len(cells), WEEK)])
