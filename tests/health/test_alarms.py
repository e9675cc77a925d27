"""What needs a person, from made-up figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.foundation.notifications.rules import Channel
from portal.foundation.runs.rules import RunKind, RunState
from portal.foundation.schedule.rules import Outcome
from portal.health import alarms as said
from portal.health.alarms import alarms, spell
from portal.health.figures import Figures, Line
from portal.health.queueserver import LivingWorker, QueueState

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))

SWEEP = Line(
    id=1,
    name="sweep",
    label="清扫",
    cadence="every 15",
    begun_at=NOW,
    ended_at=NOW,
    rung_at=NOW,
    due_at=NOW,
    held=False,
    late=timedelta(),
    alarming=False,
    began_late=timedelta(),
    outcome=Outcome.DONE,
    failures=0,
    error="",
    asked_at=None,
    asked_by_id=None,
)
QUEUE = QueueState(length=0, waiting_since=None, workers=(LivingWorker("a", busy=False, since=NOW),))
WELL = Figures(
    now=NOW,
    schedule=(SWEEP,),
    queue=QUEUE,
    runs={RunState.QUEUED: 0, RunState.RUNNING: 0},
    runs_waiting=timedelta(),
    people_waiting=timedelta(),
    failures={RunKind.EXPORT: 2},
    unsent=0,
    unsent_for=timedelta(),
    undelivered={},
)
LATE = replace(SWEEP, late=12 * MINUTE, alarming=True)


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        ({}, []),
        ({"schedule": ()}, [said.NEVER]),
        # late, and rung for: the workers are at fault
        ({"schedule": (LATE,)}, [said.LATE]),
        # late, and nobody has rung for a while: the scheduler is
        ({"schedule": (replace(LATE, rung_at=NOW - 5 * MINUTE),)}, [said.SILENT]),
        ({"schedule": (replace(LATE, rung_at=None),)}, [said.SILENT]),
        # what is missing is said, not what is late because of it
        (
            {"schedule": (LATE,), "queue": replace(QUEUE, workers=()), "people_waiting": HOUR},
            [said.NO_WORKER],
        ),
        ({"schedule": (replace(LATE, rung_at=None),), "queue": None}, [said.SILENT, said.NO_QUEUE]),
        # nothing is due: nobody has to ring
        ({"schedule": (replace(SWEEP, rung_at=NOW - DAY),)}, []),
        ({"schedule": (replace(SWEEP, failures=2, error="KeyError"),)}, [said.BROKE]),
        ({"schedule": (replace(SWEEP, failures=1, outcome=Outcome.CUT_OFF),)}, [said.CUT_OFF]),
        ({"queue": None}, [said.NO_QUEUE]),
        ({"queue": replace(QUEUE, workers=())}, [said.NO_WORKER]),
        ({"runs_waiting": 4 * MINUTE, "people_waiting": 4 * MINUTE}, []),
        ({"runs_waiting": DAY, "people_waiting": 6 * MINUTE}, [said.WAITING]),
        # files that are made in advance
        ({"runs_waiting": HOUR}, []),
        ({"runs_waiting": 3 * HOUR}, [said.PILED]),
        ({"unsent": 3, "unsent_for": 20 * MINUTE}, [said.LATE_NOTICES]),
        ({"undelivered": {Channel.EMAIL: 1}}, [said.LOST_NOTICES]),
    ],
)
def test_what_is_an_alarm(changed, sentences):
    assert [alarm.sentence for alarm in alarms(replace(WELL, **changed))] == sentences


def test_an_alarm_is_said_in_the_reader_s_language(app):
    (alarm,) = alarms(replace(WELL, schedule=(LATE,)))
    with app.test_request_context("/"):
        assert str(alarm).startswith("“清扫”该做没做，已经晚了12 分钟。")
    with app.test_request_context("/?lang=en"):
        assert "12 minutes" in str(alarm)


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (timedelta(), "0 秒"),
        (119 * SECOND, "119 秒"),
        (120 * SECOND, "2 分钟"),
        (119 * MINUTE, "119 分钟"),
        (2 * HOUR, "2 小时"),
        (47 * HOUR, "47 小时"),
        (5 * DAY, "5 天"),
    ],
)
def test_a_length_of_time(app, time, text):
    with app.test_request_context("/"):
        assert spell(time) == text
