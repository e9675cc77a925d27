"""When work by the clock is due, how late it is, and who may take it. Pure: the moment comes in as an argument.

Times of day are China's, whatever the machine's zone. A clock that was wrong for a while does no harm: what is put off
further than its cadence can put it is due now, and no hold lasts longer than a hold can.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Asia/Shanghai")

HOLD = timedelta(seconds=30)
"""How long a worker may be silent before its entry is free for another one."""

BEAT = timedelta(seconds=7)
"""How often a living worker says so: about a fourth of the hold, so that two lost beats do no harm."""

RING_AGAIN = timedelta(seconds=10)
"""A bell for a due entry that nobody has taken by then was perhaps lost."""

ATTEMPTS = 4
"""How often an entry is taken without coming to an end before it waits for its next turn: it may kill the workers."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


ABANDONED = timedelta(seconds=100)
"""An entry that nobody rings for although it has been due for so long belongs to no scheduler that runs."""

SKEW = timedelta(minutes=1)
"""The clocks of two machines never agree quite; so much is let pass."""


class Outcome(StrEnum):
    """How the last turn of an entry ended."""

    DONE = "done"
    FAILED = "failed"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True)
class Every:
    """So many seconds lie between the beginnings of two turns."""

    seconds: int

    def after(self, moment: datetime) -> datetime:
        """When it is due next, if a turn began at `moment`."""
        return moment + timedelta(seconds=self.seconds)

    @property
    def grace(self) -> timedelta:
        """So much later than due is nothing to be alarmed about."""
        return max(timedelta(minutes=2), timedelta(seconds=2 * self.seconds))

    def __str__(self) -> str:
        return f"every {self.seconds}"


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of day in China."""

    hour: int
    minute: int = 0

    def after(self, moment: datetime) -> datetime:
        """The first such time of day after `moment`."""
        at_home = moment.astimezone(HOME)
        at = datetime.combine(at_home.date(), time(self.hour, self.minute), HOME)
        return (at if at > at_home else at + timedelta(days=1)).astimezone(moment.tzinfo)

    @property
    def grace(self) -> timedelta:
        """So much later than due is nothing to be alarmed about."""
        return timedelta(minutes=15)

    def __str__(self) -> str:
        return f"daily {self.hour:02}:{self.minute:02}"


Cadence = Every | Daily


def cadence(text: str) -> Cadence:
    """The cadence that was written as `text`; ValueError for anything that is none."""
    word, _, value = text.partition(" ")
    if word == "every":
        return Every(int(value))
    if word == "daily":
        at = time.fromisoformat(value)
        return Daily(at.hour, at.minute)
    raise ValueError(text)


class Standing(Protocol):
    """Where an entry stands: what its row says."""

    @property
    def cadence(self) -> str:
        """How often, as text."""

    @property
    def next_due(self) -> datetime:
        """When it is to be done."""

    @property
    def hold_until(self) -> datetime | None:
        """Until when a worker has it, if one has."""

    @property
    def rung_at(self) -> datetime | None:
        """When a scheduler last rang for it."""


def expected(entry: Standing, now: datetime) -> datetime:
    """When the entry is due: what its row says, or now when its cadence cannot have put it off so far.

    Such a row was written while the clock was ahead, and would put it off for as long as the clock was wrong.
    """
    farthest = cadence(entry.cadence).after(now) + SKEW
    return entry.next_due if entry.next_due <= farthest else now


def held(entry: Standing, now: datetime) -> bool:
    """Whether a living worker has it; a hold longer than any can be was written by a clock that was ahead.

    Twice as long is let pass: the clocks of two machines never agree.
    """
    return entry.hold_until is not None and now <= entry.hold_until <= now + 2 * HOLD


def due(entry: Standing, now: datetime) -> bool:
    """Whether it is to be taken: its time has come, or its worker fell silent."""
    return not held(entry, now) and (entry.hold_until is not None or expected(entry, now) <= now)


def unrung(entry: Standing, now: datetime) -> bool:
    """Whether a bell for it was not rung lately; one from the future was rung by a clock that was ahead."""
    return entry.rung_at is None or not now - RING_AGAIN < entry.rung_at <= now


def lateness(entry: Standing, now: datetime) -> timedelta:
    """How long it has been due without being taken; zero when it is not due or a worker has it."""
    if not due(entry, now):
        return timedelta()
    return max(timedelta(), now - expected(entry, now))


def alarming(entry: Standing, now: datetime) -> bool:
    """Whether it is so late that a person must look."""
    return lateness(entry, now) > cadence(entry.cadence).grace


def abandoned(entry: Standing, now: datetime) -> bool:
    """Whether no scheduler that runs knows the entry: one that did would have rung for it long ago."""
    unheard = entry.rung_at is None or now - entry.rung_at > ABANDONED
    return unheard and lateness(entry, now) > ABANDONED


def again_at(entry_cadence: Cadence, failures: int, now: datetime) -> datetime:
    """When to try again after so many failures in a row (1 and more): soon at first, never later than its next turn."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    return min(now + pause, entry_cadence.after(now))
