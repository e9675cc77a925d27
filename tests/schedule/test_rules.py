"""When an entry is due, how late it is, who may take it: tables."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.schedule.rules import (
    HOLD,
    RING_AGAIN,
    Daily,
    Every,
    again_at,
    alarming,
    cadence,
    due,
    expected,
    held,
    lateness,
    unrung,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in China
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=s) for s in (1, 60, 3600, 86400))


@dataclass
class Row:
    next_due: datetime = NOW
    cadence: str = "every 30"
    hold_until: datetime | None = None
    rung_at: datetime | None = None


@pytest.mark.parametrize(
    ("at", "moment", "after"),
    [
        (Daily(9), "2026-03-02 08:59", "2026-03-02 09:00"),
        (Daily(9), "2026-03-02 09:00", "2026-03-03 09:00"),
        (Daily(9), "2026-03-02 09:01", "2026-03-03 09:00"),
        (Daily(0), "2026-12-31 23:59", "2027-01-01 00:00"),
        (Daily(2, 30), "2026-02-28 12:00", "2026-03-01 02:30"),
        # Summers of 1986 to 1991 China put its clocks forward: the time of day holds all the same.
        (Daily(3), "1991-04-13 12:00", "1991-04-14 03:00"),
    ],
)
def test_a_time_of_day_is_one_in_china(at, moment, after):
    home = ZoneInfo("Asia/Shanghai")
    begun = datetime.fromisoformat(moment).replace(tzinfo=home).astimezone(UTC)
    assert at.after(begun) == datetime.fromisoformat(after).replace(tzinfo=home)
    assert at.after(begun).tzinfo is UTC


@given(
    st.timedeltas(timedelta(), timedelta(days=6000)).map(
        lambda passed: datetime(2019, 1, 1, tzinfo=UTC) + passed
    ),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_the_next_time_of_day_is_always_ahead_and_never_more_than_a_day(moment, hour, minute):
    after = Daily(hour, minute).after(moment)
    assert timedelta() < after - moment <= DAY
    assert Daily(hour, minute).after(after) == after + DAY


@pytest.mark.parametrize("planned", [Every(1), Every(86400), Daily(0), Daily(23, 59)])
def test_a_cadence_is_read_as_it_is_written(planned):
    assert cadence(str(planned)) == planned


@pytest.mark.parametrize("text", ["", "hourly", "every", "every soon", "daily 25:00"])
def test_what_is_no_cadence(text):
    with pytest.raises(ValueError):  # noqa: PT011  whichever way it is none
        cadence(text)


@pytest.mark.parametrize(
    ("row", "is_due", "late"),
    [
        (Row(), True, timedelta()),
        (Row(NOW + SECOND), False, timedelta()),
        (Row(NOW - MINUTE), True, MINUTE),
        # three nights missed: late since the first of them
        (Row(NOW - 3 * DAY, "daily 09:00"), True, 3 * DAY),
        # a worker is at it
        (Row(NOW - MINUTE, hold_until=NOW + SECOND), False, timedelta()),
        # a worker fell silent
        (Row(NOW - MINUTE, hold_until=NOW - SECOND), True, MINUTE),
        # the clock was a year ahead when the row was written: due now, and held no longer than a hold lasts
        (Row(NOW + 365 * DAY), True, timedelta()),
        (Row(NOW - MINUTE, hold_until=NOW + 365 * DAY), True, MINUTE),
    ],
)
def test_due_and_late(row, is_due, late):
    assert due(row, NOW) is is_due
    assert lateness(row, NOW) == late


@pytest.mark.parametrize(
    ("text", "next_due", "when"),
    [
        ("every 30", NOW + 365 * DAY, NOW),
        ("daily 09:00", NOW + 365 * DAY, NOW),
        ("daily 09:00", NOW + DAY, NOW + DAY),
        ("every 30", NOW + 10 * SECOND, NOW + 10 * SECOND),
        # another machine's clock is a little ahead
        ("every 30", NOW + 50 * SECOND, NOW + 50 * SECOND),
    ],
)
def test_a_row_from_a_clock_that_was_ahead_is_due_now(text, next_due, when):
    assert expected(Row(next_due, text), NOW) == when


@pytest.mark.parametrize(
    ("ahead", "holds"), [(-SECOND, False), (SECOND, True), (HOLD, True), (3 * HOLD, False)]
)
def test_a_hold(ahead, holds):
    assert held(Row(hold_until=NOW + ahead), NOW) is holds


@pytest.mark.parametrize(
    ("rung", "again"),
    [(None, True), (NOW, False), (NOW - RING_AGAIN / 2, False), (NOW - RING_AGAIN, True), (NOW + DAY, True)],
)
def test_a_bell_is_rung_again_after_a_while(rung, again):
    assert unrung(Row(rung_at=rung), NOW) is again


@pytest.mark.parametrize(
    ("text", "late", "alarm"),
    [
        ("every 30", 2 * MINUTE, False),
        ("every 30", 2 * MINUTE + SECOND, True),
        ("every 3600", 2 * HOUR, False),
        ("every 3600", 2 * HOUR + SECOND, True),
        ("daily 02:30", 15 * MINUTE, False),
        ("daily 02:30", 16 * MINUTE, True),
    ],
)
def test_what_is_an_alarm(text, late, alarm):
    assert alarming(Row(NOW - late, text), NOW) is alarm


@pytest.mark.parametrize(
    ("planned", "failures", "pause"),
    [
        (Daily(8), 1, MINUTE),
        (Daily(8), 3, 4 * MINUTE),
        (Daily(8), 99, HOUR),
        (Every(30), 5, 30 * SECOND),
        # never later than its next turn
        (Daily(9, 30), 99, 30 * MINUTE),
    ],
)
def test_after_a_failure_it_is_tried_again_soon(planned, failures, pause):
    assert again_at(planned, failures, NOW) == NOW + pause
