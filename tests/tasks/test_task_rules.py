"""What a task's state is by its milestones and reports, and by how much it is late."""

from __future__ import annotations

from datetime import date

import pytest

from portal.foundation.deadlines.rules import Standing
from portal.foundation.workdays.rules import Calendar
from portal.oversight.tasks.rules import Span, TaskState, days_early, days_late, state

S = Standing


@pytest.mark.parametrize(
    ("standings", "percent", "wanted"),
    [
        ([], None, TaskState.SILENT),
        ([], 0, TaskState.UNDER_WAY),
        ([], 99, TaskState.UNDER_WAY),
        ([], 100, TaskState.DONE),
        ([S.DUE], 100, TaskState.UNDER_WAY),
        ([S.DONE, S.LATE], 50, TaskState.LATE),
        ([S.HISTORY, S.LATE], None, TaskState.LATE),
        ([S.DONE_LATE, S.DUE], 50, TaskState.UNDER_WAY),
        ([S.DONE, S.PAUSED], None, TaskState.UNDER_WAY),
        ([S.HISTORY, S.DONE], None, TaskState.HISTORY),
        ([S.DONE, S.DONE_LATE], 100, TaskState.DONE_LATE),
        ([S.DONE, S.CANCELLED], None, TaskState.DONE),
        ([S.WAIVED, S.CANCELLED], None, TaskState.ENDED),
    ],
)
def test_the_state_follows_from_dates_and_the_newest_report(standings, percent, wanted):
    assert state(standings, percent) is wanted


@pytest.mark.parametrize("one", list(Standing))
def test_every_standing_gives_a_state(one):
    assert state([one], None) in TaskState


def test_lateness_is_counted_in_working_days():
    friday, monday, next_monday = date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 16)
    calendar = Calendar()
    assert days_late(calendar, Span(friday), date(2026, 3, 8)) == 0
    assert days_late(calendar, Span(friday), monday) == 1
    assert days_late(calendar, Span(friday, monday), next_monday) == 1
    assert days_early(calendar, Span(next_monday, friday)) == 6
    assert days_early(calendar, Span(friday, monday)) == 0
