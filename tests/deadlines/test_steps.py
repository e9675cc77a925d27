"""When somebody is reminded, and how far a reminder rises."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.foundation.deadlines.reminding.rules import USUAL, Level, Steps, step_at

DUE = date(2026, 6, 30)
OPENED = date(2026, 1, 5)


def at(days, opened=OPENED, plan=USUAL):
    return step_at(plan, opened, DUE, DUE + timedelta(days=days))


@pytest.mark.parametrize(
    ("day", "late", "level"),
    [
        (-30, -30, Level.OFFICER),
        (-8, -30, Level.OFFICER),
        (-7, -7, Level.OFFICER),
        (-1, -1, Level.OFFICER),
        (0, 0, Level.OFFICER),
        (6, 0, Level.OFFICER),
        (7, 7, Level.LEADER),
        (13, 7, Level.LEADER),
        (14, 14, Level.OFFICE),
        (365, 364, Level.OFFICE),
    ],
)
def test_the_newest_step_that_has_come(day, late, level):
    step = at(day)
    assert (step.late, step.level, step.on) == (late, level, DUE + timedelta(days=late))
    assert step.missed(DUE + timedelta(days=day)) is (day > late)


def test_before_the_first_step_there_is_none():
    assert at(-31) is None


def test_steps_before_the_opening_are_skipped():
    opened = DUE - timedelta(days=3)
    assert at(-3, opened) is None
    assert at(-1, opened).late == -1
    # The step of the very day of the opening is not before it.
    assert at(-7, DUE - timedelta(days=7)).late == -7


def test_opened_when_late_the_next_week_reminds():
    opened = DUE + timedelta(days=10)
    assert at(10, opened) is None
    assert at(14, opened).late == 14


def test_a_kind_has_its_own_steps():
    plan = Steps(before=(45, 15), every=1, leader=1, office=2)
    assert at(-45, plan=plan).late == -45
    assert at(0, plan=plan).late == -15
    assert (at(1, plan=plan).level, at(2, plan=plan).level) == (Level.LEADER, Level.OFFICE)


def test_another_last_day_has_other_steps():
    moved = step_at(USUAL, OPENED, DUE + timedelta(days=7), DUE)
    assert moved.late == -7
    assert moved.name not in {at(days).name for days in range(-30, 30)}


@settings(max_examples=100)
@given(st.integers(-40, 200), st.integers(0, 60))
def test_whoever_looks_daily_or_seldom_ends_at_the_same_step(day, pause):
    """A scheduler that was down for some days finds the step that a daily one found last."""
    daily = [step for each in range(day - pause, day + 1) if (step := at(each)) is not None]
    assert (daily[-1] if daily else None) == at(day)
    names = [step.name for step in daily]
    assert names == sorted(names, key=names.index)
