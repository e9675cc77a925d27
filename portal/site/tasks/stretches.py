"""What the picture of dates is drawn of: days as places on an axis, and the days that the axis names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

SHORT, LONG, LONGEST = timedelta(days=120), timedelta(days=430), timedelta(days=1500)
"""Up to SHORT days the axis names half months, up to LONG months, up to LONGEST quarters, beyond that years."""

HALF = 16


@dataclass(frozen=True)
class Axis:
    """The days that the picture shows, from the first to the last."""

    first: date
    last: date

    def share(self, when: date) -> float:
        """Where a day lies, from 0 to 1; days beyond an end lie on it."""
        days = (self.last - self.first).days or 1
        return min(1.0, max(0.0, (when - self.first).days / days))

    def ticks(self) -> list[date]:
        """The days that are named, besides the two ends."""
        return [day for day in self._marks() if self.first < day < self.last]

    def _marks(self) -> Iterator[date]:
        span = self.last - self.first
        months = (1,) if span > LONGEST else (1, 4, 7, 10) if span > LONG else tuple(range(1, 13))
        for year in range(self.first.year, self.last.year + 1):
            for month in months:
                yield date(year, month, 1)
                if span <= SHORT:
                    yield date(year, month, HALF)


def axis(days: Sequence[date]) -> Axis:
    """The axis that holds these days; one day alone gets the month after it."""
    first, last = min(days), max(days)
    return Axis(first, last if last > first else first + timedelta(days=30))
