"""Which days are worked, and counting by them. Pure (T-2, T-3).

A year is what one notice of the State Council arranges: the days off that it names and the weekend days on which
people work instead. Its notice may reach into the December before (元旦 2018-12-30 to 2019-01-01), so days are looked
up by themselves and not by their year. Nothing here asks for the time or the zone: a day is a day in China, given
as an argument.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

DAY = timedelta(days=1)
SATURDAY = 5
DECEMBER = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Years that can be entered: those whose holidays the notices of today's kind arrange, and an end."""
NOTICE_MONTH = 11
"""From this month on the next year's notice is looked for: those of 2019 to 2026 came from 25 October to 8 December."""
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

    @property
    def kinds(self) -> Mapping[date, DayKind]:
        """Every day that the notice names, with what it is."""
        off = dict.fromkeys(self.holidays, DayKind.HOLIDAY)
        return off | dict.fromkeys(self.makeups, DayKind.MAKEUP)


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

    def with_year(self, year: Year) -> Calendar:
        """The calendar as it would be were the year arranged so."""
        return Calendar({**self.years, year.year: year})

    def without_year(self, number: int) -> Calendar:
        """The calendar as it would be had the year not been announced."""
        return Calendar({key: year for key, year in self.years.items() if key != number})

    def after(self, day: date, n: int) -> date:
        """The n-th working day after the day, which itself does not count (T-3); with 0 the day itself.

        Raises ValueError for a number under 0 or over 10,000.
        """
        if not 0 <= n <= LONGEST_COUNT:
            raise ValueError(f"not a number of working days: {n}")
        if not n:
            return day
        year, days = day.year, self._worked(day.year)
        place = self._place(day) + n - 1
        while place >= len(days):
            place -= len(days)
            year += 1
            days = self._worked(year)
        return days[place]

    def rolled(self, day: date) -> date:
        """The day itself when it is worked, else the next that is (T-3)."""
        return day if self.working(day) else self.after(day, 1)

    def count(self, begin: date, end: date) -> int:
        """How many working days lie after the first day up to and including the last; 0 when it is not later."""
        if end <= begin:
            return 0
        between = sum(len(self._worked(year)) for year in range(begin.year, end.year))
        return between + self._place(end) - self._place(begin)

    @cached_property
    def _years_worked(self) -> dict[int, list[date]]:
        return {}

    def _worked(self, year: int) -> list[date]:
        """The days of a year that are worked, in order; put together once: a million dates may be counted by them."""
        if year not in self._years_worked:
            days = days_after(date(year, 1, 1) - DAY, date(year, DECEMBER, 31))
            self._years_worked[year] = [day for day in days if self.working(day)]
        return self._years_worked[year]

    def _place(self, day: date) -> int:
        """How many working days of its year have come up to and including the day."""
        return bisect_right(self._worked(day.year), day)


def days_after(begin: date, end: date) -> Iterator[date]:
    """Every day after the first up to and including the last."""
    for number in range(1, (end - begin).days + 1):
        yield begin + number * DAY


def stretches(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Rising days as stretches without a gap, each by its first and last day."""
    first = last = None
    for day in days:
        if first is not None and last is not None and day - last != DAY:
            yield first, last
            first = None
        first, last = first or day, day
    if first is not None and last is not None:
        yield first, last


def lacking(calendar: Calendar, today: date) -> list[int]:
    """The years whose notice should be out and is not entered: this one, and the next towards its beginning."""
    wanted = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    return [year for year in wanted if year not in calendar.years]


def reach(year: int) -> tuple[date, date]:
    """The first and the last day that a year's notice may name: 元旦 can begin in the December before."""
    return date(year - 1, DECEMBER, 1), date(year, DECEMBER, 31)


@dataclass(frozen=True)
class Turn:
    """A day that becomes something else."""

    day: date
    was: DayKind
    now: DayKind
    name: str = ""

    @property
    def counts_otherwise(self) -> bool:
        """Whether deadlines can move by it: a holiday on a Sunday moves none."""
        return self.was.worked is not self.now.worked


def turns(before: Calendar, after: Calendar, year: int) -> list[Turn]:
    """The days that a year's notice may name and that are something else in the second calendar."""
    first, last = reach(year)
    return [
        Turn(day, before.kind(day), after.kind(day), after.name(day) or before.name(day))
        for day in days_after(first - DAY, last)
        if before.kind(day) is not after.kind(day)
    ]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with an arrangement: a sentence, which is the key of its translation, and what fills it."""

    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


def mark(text: str) -> str:
    """The text itself: names it as one for people, to be translated where it is shown."""
    return text


def flaws(year: Year, others: Calendar) -> Iterator[Flaw]:
    """What keeps an arrangement from being taken: empty, out of its year, both off and worked, at odds with another.

    `others` are the years as they stand; the same year in it is replaced and so not asked.
    """
    if not FIRST_YEAR <= year.year <= LAST_YEAR:
        yield Flaw(mark("年份要在 %(first)s 和 %(last)s 之间。"), {"first": FIRST_YEAR, "last": LAST_YEAR})
        return
    if not year.holidays:
        yield Flaw(mark("没有一天放假，请照通知填写。"))
    first, last = reach(year.year)
    for day in sorted(year.kinds):
        if not first <= day <= last:
            yield Flaw(mark("%(day)s不属于 %(year)s 年的安排。"), {"day": day.isoformat(), "year": year.year})
    for day in sorted(year.makeups):
        if not weekend(day):
            yield Flaw(mark("%(day)s不是周末，本来就上班，不能写成补班。"), {"day": day.isoformat()})
        if day in year.holidays:
            yield Flaw(mark("%(day)s既写了放假，又写了上班。"), {"day": day.isoformat()})
    yield from _clashes(year, others)


def _clashes(year: Year, others: Calendar) -> Iterator[Flaw]:
    for number, other in sorted(others.years.items()):
        if number == year.year:
            continue
        kinds = other.kinds
        for day, kind in sorted(year.kinds.items()):
            if day in kinds and kinds[day] is not kind:
                yield Flaw(
                    mark("%(day)s和 %(year)s 年已经公布的安排不一样，请先核对两份通知。"),
                    {"day": day.isoformat(), "year": number},
                )
