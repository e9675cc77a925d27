"""How a period is counted, day by day, and what a deadline's dates say of it. Pure (T-1, T-3, T-4, T-7).

One walk over the days is both the date and its explanation, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.foundation.workdays.rules import Calendar, DayKind, days_after

LONGEST = 3660
"""Days of the longest period, some ten years."""

LONG_PAST = timedelta(days=90)
"""A duty that is entered so long after its day is history: nobody is alarmed by it (T-7)."""


class Counting(StrEnum):
    """What a period is counted in; a fixed day is not counted at all."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    FIXED_DAY = "fixed_day"


class PauseCause(StrEnum):
    """What alone pauses a clock (行政许可法 45): the time it takes is not counted."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class State(StrEnum):
    """Where a deadline stands; that it is late follows from its dates and is stored nowhere."""

    OPEN = "open"
    PAUSED = "paused"
    FULFILLED = "fulfilled"
    WAIVED = "waived"
    CANCELLED = "cancelled"

    @property
    def running(self) -> bool:
        """Whether something is still owed."""
        return self in (State.OPEN, State.PAUSED)


class EventKind(StrEnum):
    """What was done with a deadline."""

    OPENED = "opened"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    FULFILLED = "fulfilled"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    RECOMPUTED = "recomputed"
    CORRECTED = "corrected"
    PASSED_ON = "passed_on"
    REMINDED = "reminded"
    URGED = "urged"


class Standing(StrEnum):
    """What the board says of a deadline on a day."""

    LATE = "late"
    DUE = "due"
    PAUSED = "paused"
    DONE = "done"
    DONE_LATE = "done_late"
    HISTORY = "history"
    WAIVED = "waived"
    CANCELLED = "cancelled"

    @property
    def late(self) -> bool:
        """Whether the last day passed before it was done."""
        return self in (Standing.LATE, Standing.DONE_LATE)


@dataclass(frozen=True)
class Terms:
    """How a period is counted: so many days, or a fixed day `on`.

    `rolls`: ending on a day off, it goes on to the next working day (T-3; for periods in calendar days and fixed days,
    unless the document says otherwise). Raises ValueError for a period under one day or over ten years.
    """

    counting: Counting
    amount: int = 0
    rolls: bool = True
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.counting is Counting.FIXED_DAY) is not (self.on is not None):
            raise ValueError("a fixed day, and nothing else, names its day")
        if self.on is None and not 1 <= self.amount <= LONGEST:
            raise ValueError(f"not a period: {self.amount} days")

    @classmethod
    def working(cls, amount: int) -> Terms:
        """So many working days."""
        return cls(Counting.WORKING_DAYS, amount)

    @classmethod
    def calendar(cls, amount: int, *, rolls: bool = True) -> Terms:
        """So many days, of whatever kind."""
        return cls(Counting.CALENDAR_DAYS, amount, rolls)

    @classmethod
    def fixed(cls, on: date, *, rolls: bool = False) -> Terms:
        """A day that the document names itself."""
        return cls(Counting.FIXED_DAY, 0, rolls, on)


@dataclass(frozen=True)
class Pause:
    """A stretch that is not counted, both days included; `end` is None while it lasts."""

    cause: PauseCause
    begin: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day is not counted; of a pause that lasts only its first day is certain yet."""
        return self.begin <= day <= (self.end or self.begin)


@dataclass(frozen=True)
class Extension:
    """More days of the same kind, or a later day that somebody granted; exactly one of the two."""

    days: int = 0
    until: date | None = None

    def __post_init__(self) -> None:
        if (self.until is None) is not (1 <= self.days <= LONGEST):
            raise ValueError("an extension gives days or a day")


class Why(StrEnum):
    """Why a day was counted or not."""

    BEGIN = "begin"
    COUNTED = "counted"
    OFF = "off"
    PAUSED = "paused"
    ROLLED = "rolled"
    EXTENDED = "extended"
    FIXED = "fixed"
    WAITING = "waiting"
    """A day before a fixed day: it is not counted, it passes."""


@dataclass(frozen=True)
class Counted:
    """One day of the explanation; `number` is how many are counted with it, None when it is not counted itself.

    `name` is the holiday that it belongs to, `expected` says that no notice has settled its kind yet (T-2), `granted`
    that it is there owing to an extension.
    """

    day: date
    kind: DayKind
    why: Why
    number: int | None = None
    name: str = ""
    expected: bool = False
    paused_by: PauseCause | None = None
    granted: bool = False


@dataclass(frozen=True)
class Due:
    """The last day; `expected` while it hangs on days that no notice has settled (预计)."""

    on: date
    expected: bool = False


class _Walk:
    """Goes from day to day and notes what each one was."""

    def __init__(self, calendar: Calendar, terms: Terms, begin: date, pauses: Sequence[Pause]) -> None:
        self.calendar, self.terms, self.pauses = calendar, terms, pauses
        self.number = 0
        self.granted = False
        self.days = [self._seen(begin, Why.BEGIN)]

    @property
    def last(self) -> date:
        return self.days[-1].day

    def _pause(self, day: date) -> Pause | None:
        return next((pause for pause in self.pauses if pause.covers(day)), None)

    def _seen(self, day: date, why: Why, number: int | None = None, pause: Pause | None = None) -> Counted:
        return Counted(
            day,
            self.calendar.kind(day),
            why,
            number,
            self.calendar.name(day),
            self.calendar.expected(day),
            pause.cause if pause else None,
            self.granted,
        )

    def count(self, amount: int) -> None:
        """Go on until so many more days are counted."""
        goal = self.number + amount
        while self.number < goal:
            self._next(self.last + timedelta(days=1))

    def _next(self, day: date) -> None:
        pause = self._pause(day)
        if pause is not None:
            self.days.append(self._seen(day, Why.PAUSED, pause=pause))
        elif self.terms.counting is Counting.WORKING_DAYS and not self.calendar.working(day):
            self.days.append(self._seen(day, Why.OFF))
        else:
            self.number += 1
            self.days.append(self._seen(day, Why.COUNTED, self.number))

    def reach(self, day: date, between: Why, end: Why) -> None:
        """Go on to a day that somebody has named, if it is a later one."""
        for each in days_after(self.last, day):
            self.days.append(self._seen(each, end if each == day else between))

    def stand(self, day: date) -> None:
        """Begin with a day that somebody has named."""
        self.days = [self._seen(day, Why.FIXED)]

    def roll(self) -> None:
        """Go on to a working day, when the period ends on a day off (T-3)."""
        while not self.calendar.working(self.last) or self.days[-1].why is Why.PAUSED:
            day = self.last + timedelta(days=1)
            pause = self._pause(day)
            self.days.append(self._seen(day, Why.PAUSED if pause else Why.ROLLED, pause=pause))


def explained(
    calendar: Calendar,
    terms: Terms,
    begin: date,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> list[Counted]:
    """Every day from the event to the last day, each as counted or not and why (T-4); the last one is the due day.

    The day of the event does not count (T-3). Extensions follow one another in the order given; a fixed day is not
    paused.
    """
    fixed = terms.on is not None
    walk = _Walk(calendar, terms, begin, () if fixed else pauses)
    if terms.on is not None and terms.on < begin:
        # Over before it was entered: there is nothing to wait for.
        walk.stand(terms.on)
    elif terms.on is not None:
        walk.reach(terms.on, Why.WAITING, Why.FIXED)
    else:
        walk.count(terms.amount)
    named = False
    for extension in extensions:
        # A day that the period goes beyond by itself, as after a pause, is not the last one and names nothing.
        walk.granted, named = True, extension.until is not None and walk.last <= extension.until
        if extension.until is not None:
            walk.reach(extension.until, Why.EXTENDED, Why.EXTENDED)
        else:
            walk.count(extension.days)
    if terms.rolls and not named:
        walk.roll()
    return walk.days


def due(
    calendar: Calendar,
    terms: Terms,
    begin: date,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Due:
    """The last day of the period, which is the last one of its explanation.

    While a pause lasts, it is the earliest day that is possible.
    """
    days = explained(calendar, terms, begin, pauses, extensions)
    return Due(days[-1].day, any(each.expected for each in _settling(terms, days)))


def _settling(terms: Terms, days: Sequence[Counted]) -> Iterator[Counted]:
    """The days whose kind the last day hangs on."""
    if days[-1].why is Why.EXTENDED:
        return
    if terms.counting is Counting.WORKING_DAYS:
        yield from days[1:]
    elif terms.rolls:
        yield days[-1]
        yield from (each for each in days if each.why is Why.ROLLED)


def standing(
    state: State, due_on: date, today: date, *, done_on: date | None = None, history: bool = False
) -> Standing:
    """What a deadline is on a day: late from the day after its last one; history is never late (T-7)."""
    if state is State.WAIVED:
        return Standing.WAIVED
    if state is State.CANCELLED:
        return Standing.CANCELLED
    if history:
        return Standing.HISTORY
    if state is State.PAUSED:
        return Standing.PAUSED
    if state is State.FULFILLED:
        return Standing.DONE_LATE if done_on is not None and done_on > due_on else Standing.DONE
    return Standing.LATE if today > due_on else Standing.DUE


def is_history(due_on: date, entered_on: date) -> bool:
    """Whether a duty is entered so long after its day that it is history (T-7)."""
    return entered_on - due_on > LONG_PAST
