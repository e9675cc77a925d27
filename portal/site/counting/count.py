"""The n-th working day after a day, as a visitor asks for it, with every day on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from portal.foundation.workdays.rules import FIRST_YEAR, LAST_YEAR, Calendar, DayKind, days_after
from portal.i18n import gettext as _

MOST = 250
"""Working days that are counted for a visitor: a year, more than any limit in the guides."""


@dataclass(frozen=True)
class Line:
    """A day on the way: what it is, which working day it is (0 for one that does not count), and how sure that is."""

    day: date
    kind: DayKind
    name: str
    number: int
    expected: bool


@dataclass(frozen=True)
class Count:
    """What was asked, as typed; the answer where it could be given, else what is wrong with each part of it."""

    begin: str
    days: str
    faults: Mapping[str, str]
    end: date | None = None
    lines: tuple[Line, ...] = ()

    @property
    def expected(self) -> bool:
        """Whether a day on the way lies in a year that is not announced, so that the answer may still change."""
        return any(line.expected for line in self.lines)


def count(calendar: Calendar, begin: str, days: str) -> Count:
    """The answer for a day written 2026-09-28 and a number of working days from 1 to 250."""
    first, number = _day(begin), _number(days)
    faults = {}
    if first is None:
        faults["from"] = _("日期请写成 2026-09-28 这样。")
    if number is None:
        faults["days"] = _("请写 1 到 %(most)s 的整数。", most=MOST)
    if first is None or number is None:
        return Count(begin, days, faults)
    end = calendar.after(first, number)
    return Count(first.isoformat(), str(number), {}, end, tuple(_lines(calendar, first, end)))


def _lines(calendar: Calendar, first: date, end: date) -> Iterator[Line]:
    counted = 0
    yield Line(first, calendar.kind(first), calendar.name(first), 0, calendar.expected(first))
    for day in days_after(first, end):
        works = calendar.working(day)
        counted += works
        number = counted if works else 0
        yield Line(day, calendar.kind(day), calendar.name(day), number, calendar.expected(day))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None


def _number(text: str) -> int | None:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= len(str(MOST))):
        return None
    return int(plain) if 1 <= int(plain) <= MOST else None
