"""Whoever counts by the calendar says here how many of its dates would move: lower floors know it by this only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from portal.foundation.workdays.rules import Calendar

Mover = Callable[[Calendar, Collection[date]], int]
"""Given the calendar as it would be and the days that count otherwise in it: how many dates would move."""

MOVERS: list[Mover] = []


def moved_by_calendar(mover: Mover) -> Mover:
    """Decorator: the function is asked before a year is saved. It only reads."""
    MOVERS.append(mover)
    return mover


def moved(calendar: Calendar, days: Collection[date]) -> int:
    """How many dates would move were the calendar so; nobody is asked when no day counts otherwise."""
    return sum(mover(calendar, days) for mover in MOVERS) if days else 0
