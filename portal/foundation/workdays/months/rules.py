"""A year as months and as a list of holidays. Pure."""

from __future__ import annotations

from calendar import Calendar as Weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.foundation.workdays.rules import DECEMBER, Calendar, DayKind, Year, mark, stretches

_MONDAY = 0
FESTIVALS = (
    mark("元旦"),
    mark("春节"),
    mark("清明节"),
    mark("劳动节"),
    mark("端午节"),
    mark("中秋节"),
    mark("国庆节"),
)
"""The holidays of every year, named so that they are translated; any other stays as its notice has it."""


@dataclass(frozen=True)
class Cell:
    """A day of a month: what it is, and the holiday that it belongs to."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True)
class Month:
    """A month as weeks from Monday to Sunday, None for days of the months beside it; how many days are worked."""

    number: int
    weeks: list[list[Cell | None]]
    working: int


@dataclass(frozen=True)
class Festival:
    """A holiday of a year: its days off as stretches, and the days worked instead."""

    name: str
    off: list[tuple[date, date]]
    length: int
    makeups: list[date]


def months(calendar: Calendar, year: int) -> Iterator[Month]:
    """The twelve months of a year."""
    for number in range(1, DECEMBER + 1):
        weeks = [
            [
                Cell(day, calendar.kind(day), calendar.name(day)) if day.month == number else None
                for day in week
            ]
            for week in Weeks(firstweekday=_MONDAY).monthdatescalendar(year, number)
        ]
        yield Month(number, weeks, sum(cell.kind.worked for week in weeks for cell in week if cell))


def festivals(year: Year) -> list[Festival]:
    """The holidays of a year in the order of their first day off."""
    names = dict.fromkeys(
        name for days in (year.holidays, year.makeups) for _day, name in sorted(days.items())
    )
    found = []
    for name in names:
        off = sorted(day for day, said in year.holidays.items() if said == name)
        makeups = sorted(day for day, said in year.makeups.items() if said == name)
        found.append(Festival(name, list(stretches(off)), len(off), makeups))
    return found
