"""The long runs: `make test-faults`. Each writes its row into docs/reliability.md before it is judged."""

from __future__ import annotations

import time

import pytest

from portal.db import db
from tests.faults.long import reminders, report, troubles

pytestmark = [pytest.mark.faults, pytest.mark.long]

SCENARIOS = {
    "Worker and job killed at random moments": troubles.killed_together,
    "Worker killed without its job": troubles.killed_alone,
    "All workers frozen for 45 s while sending": troubles.frozen,
    "SIGTERM twice": troubles.stopped_twice,
    "Web process killed between commit and bell": troubles.cut_off,
    "Queue server killed, back after 3 s": troubles.queue_restarted,
    "Queue server frozen for 120 s": troubles.queue_frozen,
    "Queue server wiped, 500 to be sent later": troubles.queue_wiped,
    "Queue server down while 50 forms are submitted": troubles.queue_away_for_forms,
    "Neither worker nor scheduler for 30 s": troubles.nobody_rings,
    "Database gone (SQLite: held for 30 s)": troubles.database_away,
    "Clock two hours ahead, then back": troubles.clock_moved,
    "Receivers hang, 400, 429, 500, reset, trickle, ring": troubles.receivers_misbehave,
}
TELLING = {
    "Job that writes reminders killed": reminders.writer_killed,
    "5,000 due in one minute, one unit with seven times its usual": reminders.crowded,
}
"""Scenarios that tell by themselves."""


@pytest.mark.parametrize("name", [*SCENARIOS, *TELLING])
def test_nothing_is_lost(field, name):
    if name in SCENARIOS:
        field.tell()
    (SCENARIOS | TELLING)[name](field)
    begun = time.monotonic()
    field.await_that(field.quiet)
    found = field.found(begun)
    report.write(name, db.engine.dialect.name, found, [*SCENARIOS, *TELLING])
    assert (found.lost, found.unexplained) == (0, 0)
