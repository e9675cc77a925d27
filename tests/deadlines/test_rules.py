"""Counting days: tables of real periods, and what holds of every period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.foundation.deadlines import rules
from portal.foundation.deadlines.explaining.rules import MOST_MONTHS, months, summary
from portal.foundation.deadlines.rules import (
    Counting,
    Extension,
    Pause,
    PauseCause,
    Standing,
    State,
    Terms,
    Why,
)
from portal.foundation.workdays.rules import Calendar, DayKind, Year

NATIONAL = {date(2021, 10, day): "国庆节" for day in range(1, 8)}
MOON = {date(2021, 9, day): "中秋节" for day in (19, 20, 21)}
YEAR = Year(
    2021,
    holidays={**NATIONAL, **MOON},
    makeups={date(2021, 9, 18): "中秋节", date(2021, 9, 26): "国庆节", date(2021, 10, 9): "国庆节"},
)
CALENDAR = Calendar({2021: YEAR})
FRIDAY = date(2021, 9, 3)
HEARING = PauseCause.HEARING


def on(terms, begin, pauses=(), extensions=()):
    return rules.due(CALENDAR, terms, begin, pauses, extensions).on


@pytest.mark.parametrize(
    ("terms", "begin", "last"),
    [
        # The picture of the explanation page: twenty working days over two holidays and three make-up days.
        (Terms.working(20), date(2021, 9, 15), date(2021, 10, 19)),
        (Terms.working(1), FRIDAY, date(2021, 9, 6)),
        (Terms.working(1), date(2021, 9, 17), date(2021, 9, 18)),
        (Terms.working(1), date(2021, 9, 30), date(2021, 10, 8)),
        # Calendar days count whatever they are, and the last one rolls on unless the document says otherwise.
        (Terms.calendar(10), FRIDAY, date(2021, 9, 13)),
        (Terms.calendar(1), FRIDAY, date(2021, 9, 6)),
        (Terms.calendar(1, rolls=False), FRIDAY, date(2021, 9, 4)),
        (Terms.calendar(30), date(2021, 9, 1), date(2021, 10, 8)),
        # A Saturday on which people work is no day off.
        (Terms.calendar(3), date(2021, 9, 15), date(2021, 9, 18)),
        (Terms.fixed(date(2021, 10, 1)), FRIDAY, date(2021, 10, 1)),
        (Terms.fixed(date(2021, 10, 1), rolls=True), FRIDAY, date(2021, 10, 8)),
        # A day that was over when the duty was entered stays what it is.
        (Terms.fixed(date(2021, 6, 30)), FRIDAY, date(2021, 6, 30)),
        (Terms.fixed(FRIDAY), FRIDAY, FRIDAY),
    ],
)
def test_the_last_day(terms, begin, last):
    assert on(terms, begin) == last


@pytest.mark.parametrize(
    ("terms", "pauses", "last"),
    [
        (Terms.working(5), [Pause(HEARING, date(2021, 9, 7), date(2021, 9, 8))], date(2021, 9, 14)),
        # A pause over a weekend costs a period in working days only its working days.
        (Terms.working(5), [Pause(HEARING, date(2021, 9, 4), date(2021, 9, 6))], date(2021, 9, 13)),
        (Terms.calendar(10), [Pause(HEARING, date(2021, 9, 4), date(2021, 9, 6))], date(2021, 9, 16)),
        # What begins when all is counted but the last day is a day off still stops the rolling.
        (Terms.calendar(1), [Pause(HEARING, date(2021, 9, 6), date(2021, 9, 7))], date(2021, 9, 8)),
        (Terms.working(5), [Pause(HEARING, date(2021, 9, 20), date(2021, 9, 30))], date(2021, 9, 10)),
        # While it lasts only its first day is certain: the earliest date that is possible.
        (Terms.working(5), [Pause(HEARING, date(2021, 9, 7))], date(2021, 9, 13)),
        (Terms.fixed(date(2021, 9, 10)), [Pause(HEARING, date(2021, 9, 7))], date(2021, 9, 10)),
    ],
)
def test_pauses_are_not_counted(terms, pauses, last):
    assert on(terms, FRIDAY, pauses) == last


@pytest.mark.parametrize(
    ("terms", "extensions", "last"),
    [
        (Terms.working(5), [Extension(days=5)], date(2021, 9, 17)),
        (Terms.calendar(1), [Extension(days=7)], date(2021, 9, 11 + 2)),
        (Terms.working(5), [Extension(until=date(2021, 10, 2))], date(2021, 10, 2)),
        (Terms.working(5), [Extension(until=date(2021, 9, 17)), Extension(days=1)], date(2021, 9, 18)),
        (Terms.working(5), [Extension(until=date(2021, 9, 6))], date(2021, 9, 10)),
        (Terms.fixed(date(2021, 9, 10)), [Extension(days=10)], date(2021, 9, 20)),
    ],
)
def test_extensions_follow_one_another(terms, extensions, last):
    assert on(terms, FRIDAY, (), extensions) == last


def test_a_day_granted_that_a_pause_goes_beyond_is_not_the_last_one():
    """The period then ends by itself, on a holiday, and rolls on (T-3)."""
    granted = [Extension(until=date(2021, 9, 15))]
    pauses = [Pause(HEARING, date(2021, 9, 6), date(2021, 9, 11))]
    assert on(Terms.calendar(10), FRIDAY, (), granted) == date(2021, 9, 15)
    assert on(Terms.calendar(10), FRIDAY, pauses, granted) == date(2021, 9, 22)


def test_the_explanation_of_the_picture():
    days = rules.explained(CALENDAR, Terms.working(20), date(2021, 9, 15))
    said = summary(days)
    assert (said.passed, said.counted, said.holidays, said.weekends, said.makeups) == (34, 20, 10, 4, 3)
    assert [(each.day.day, each.number, each.why) for each in days[:5]] == [
        (15, None, Why.BEGIN),
        (16, 1, Why.COUNTED),
        (17, 2, Why.COUNTED),
        (18, 3, Why.COUNTED),
        (19, None, Why.OFF),
    ]
    assert (days[3].kind, days[3].name, days[4].name) == (DayKind.MAKEUP, "中秋节", "中秋节")
    first, second = months(days)
    assert (first.first, second.first) == (date(2021, 9, 1), date(2021, 10, 1))
    assert [len(week) for week in first.weeks] == [7] * 5
    assert [cell.day for week in second.weeks for cell in week if cell and cell.last] == [date(2021, 10, 19)]


def test_a_very_long_period_draws_its_first_and_last_months():
    days = rules.explained(CALENDAR, Terms.calendar(900), date(2021, 1, 4))
    drawn = months(days)
    assert len(drawn) < MOST_MONTHS
    assert (drawn[0].first, drawn[-1].first) == (date(2021, 1, 1), days[-1].day.replace(day=1))


@pytest.mark.parametrize(
    ("terms", "begin", "expected"),
    [
        (Terms.working(5), FRIDAY, False),
        (Terms.working(5), date(2021, 12, 30), True),
        (Terms.calendar(30), date(2021, 12, 30), True),
        (Terms.calendar(30, rolls=False), date(2021, 12, 30), False),
        (Terms.fixed(date(2022, 6, 30)), FRIDAY, False),
        (Terms.fixed(date(2022, 6, 30), rolls=True), FRIDAY, True),
    ],
)
def test_a_date_is_expected_while_it_hangs_on_a_year_not_announced(terms, begin, expected):
    assert rules.due(CALENDAR, terms, begin).expected is expected


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Terms.working(0),
        lambda: Terms.calendar(rules.LONGEST + 1),
        lambda: Terms(Counting.FIXED_DAY),
        lambda: Terms(Counting.WORKING_DAYS, 5, on=FRIDAY),
        Extension,
        lambda: Extension(days=3, until=FRIDAY),
        lambda: Extension(days=-1),
    ],
)
def test_no_period_is_no_terms(wrong):
    with pytest.raises(ValueError, match=r"period|day"):
        wrong()


@pytest.mark.parametrize(
    ("state", "done_on", "history", "expected"),
    [
        (State.OPEN, None, False, Standing.LATE),
        (State.OPEN, None, True, Standing.HISTORY),
        (State.PAUSED, None, False, Standing.PAUSED),
        (State.FULFILLED, date(2021, 9, 3), False, Standing.DONE),
        (State.FULFILLED, date(2021, 9, 4), False, Standing.DONE_LATE),
        (State.FULFILLED, date(2021, 9, 4), True, Standing.HISTORY),
        (State.WAIVED, None, False, Standing.WAIVED),
        (State.CANCELLED, None, True, Standing.CANCELLED),
    ],
)
def test_what_the_board_says(state, done_on, history, expected):
    told = rules.standing(state, FRIDAY, date(2021, 9, 4), done_on=done_on, history=history)
    assert told is expected
    assert rules.standing(State.OPEN, FRIDAY, FRIDAY) is Standing.DUE


def test_entered_long_after_its_day_is_history():
    assert not rules.is_history(FRIDAY, FRIDAY + rules.LONG_PAST)
    assert rules.is_history(FRIDAY, FRIDAY + rules.LONG_PAST + timedelta(days=1))


days_of_2021 = st.dates(date(2021, 7, 1), date(2021, 11, 30))
terms_ = st.one_of(
    st.integers(1, 60).map(Terms.working),
    st.builds(lambda amount, rolls: Terms.calendar(amount, rolls=rolls), st.integers(1, 90), st.booleans()),
    st.builds(lambda day, rolls: Terms.fixed(day, rolls=rolls), days_of_2021, st.booleans()),
)
pauses_ = st.lists(
    st.builds(
        lambda cause, begin, length: Pause(cause, begin, begin + timedelta(days=length)),
        st.sampled_from(PauseCause),
        days_of_2021,
        st.integers(0, 20),
    ),
    max_size=3,
)
extensions_ = st.lists(
    st.one_of(
        st.builds(lambda days: Extension(days=days), st.integers(1, 30)),
        st.builds(lambda until: Extension(until=until), days_of_2021),
    ),
    max_size=2,
)


@settings(max_examples=150)
@given(terms_, days_of_2021, pauses_, extensions_)
def test_explanation_and_date_agree_and_leave_no_day_out(terms, begin, pauses, extensions):
    days = rules.explained(CALENDAR, terms, begin, pauses, extensions)
    assert days[-1].day == rules.due(CALENDAR, terms, begin, pauses, extensions).on
    assert [each.day for each in days] == [days[0].day + timedelta(days=n) for n in range(len(days))]
    numbers = [each.number for each in days if each.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    for each in days:
        assert each.kind is CALENDAR.kind(each.day)
        if each.why is Why.PAUSED:
            assert any(pause.covers(each.day) and pause.cause is each.paused_by for pause in pauses)
        if each.number is not None and terms.on is None:
            assert not any(pause.covers(each.day) for pause in pauses)


@settings(max_examples=100)
@given(st.integers(1, 60), days_of_2021)
def test_without_pauses_it_is_the_calendars_own_count(amount, begin):
    last = on(Terms.working(amount), begin)
    assert last == CALENDAR.after(begin, amount)
    assert on(Terms.calendar(amount), begin) == CALENDAR.rolled(begin + timedelta(days=amount))


@settings(max_examples=60)
@given(st.integers(1, 30), days_of_2021, st.integers(0, 15), st.integers(0, 15))
def test_a_pause_never_brings_a_date_forward(amount, begin, after, length):
    first = begin + timedelta(days=after)
    paused = [Pause(HEARING, first, first + timedelta(days=length))]
    for terms in (Terms.working(amount), Terms.calendar(amount)):
        assert on(terms, begin, paused) >= on(terms, begin)
