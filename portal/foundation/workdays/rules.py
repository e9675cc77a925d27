"""Which days are worked, and counting by them. Pure (T-2, T-3).

A year is what one notice of the State Council arranges: the days off that it names and the weekend days on which
people work instead. Its notice may reach into the December before (元旦 2018-12-30 to 2019-01-01), so days are looked
up by themselves and not by their year. Nothing here asks for the time or the zone: a day is a day in China, given
as an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_COUNT = 10_000
"""Working days, some forty years: whoever counts further has mistaken a number for another."""


class DayKind(StrEnum):
    """What a day is to those who count working days."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    """A weekend day on which people work (补班)."""

    @property
    def worked(self) -> bool:
        """Whether people work on it, so that it counts."""
        return self in (DayKind.WORKING, DayKind.MAKEUP)


def weekend(day: date) -> bool:
    """Whether it is a Saturday or Sunday."""
    return day.weekday() >= SATURDAY


@dataclass(frozen=True)
class Year:
    """A year as announced: each day off and each make-up day with the holiday that it belongs to, and the notice."""

    year: int
    holidays: Mapping[date, str] = field(default_factory=dict)
    makeups: Mapping[date, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Calendar:
    """The announced years. In any other year weekends are off and every other day is expected to be worked."""

    years: Mapping[int, Year] = field(default_factory=dict)

    @cached_property
    def _named(self) -> Mapping[date, tuple[DayKind, str]]:
        found: dict[date, tuple[DayKind, str]] = {}
        for _number, year in sorted(self.years.items()):
            found.update((day, (DayKind.HOLIDAY, name)) for day, name in year.holidays.items())
            found.update((day, (DayKind.MAKEUP, name)) for day, name in year.makeups.items())
        return found

    def kind(self, day: date) -> DayKind:
        """What the day is: as a notice says, else by the weekday."""
        named = self._named.get(day)
        if named is not None:
            return named[0]
        return DayKind.WEEKEND if weekend(day) else DayKind.WORKING

    def working(self, day: date) -> bool:
        """Whether people work on the day."""
        return self.kind(day).worked

    def name(self, day: date) -> str:
        """The holiday that a day off or a make-up day belongs to, e.g. 国庆节; empty for any other day."""
        return self._named.get(day, (None, ""))[1]

    def expected(self, day: date) -> bool:
        """Whether no notice has been entered that says what the day is (预计)."""
        return day.year not in self.years and day not in self._named

    def after(self, day: date, n: int) -> date:
        """The n-th working day after the day, which itself does not count (T-3); with 0 the day itself.

        Raises ValueError for a number under 0 or over 10,000.
        """
        if not 0 <= n <= LONGEST_COUNT:
            raise ValueError(f"not a number of working days: {n}")
        left = n
        while left:
            day += DAY
            left -= self.working(day)
        return day

    def rolled(self, day: date) -> date:
        """The day itself when it is worked, else the next that is (T-3)."""
        while not self.working(day):
            day += DAY
        return day

    def count(self, begin: date, end: date) -> int:
        """How many working days lie after the first day up to and including the last; 0 when it is not later."""
        return sum(self.working(day) for day in days_after(begin, end))


def days_after(begin: date, end: date) -> Iterator[date]:
    """Every day after the first up to and including the last."""
    for number in range(1, (end - begin).days + 1):
        yield begin + number * DAY
