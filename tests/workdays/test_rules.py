from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.workdays.rules import Calendar, DayKind, Year, days_after, weekend

NEW_YEAR, LABOUR, NATIONAL = "元旦", "劳动节", "国庆节"


def day(text):
    return date.fromisoformat(text)


def days(begin, end, name):
    found = [day(begin), *days_after(day(begin), day(end))]
    return dict.fromkeys(found, name)


Y2019 = Year(
    2019,
    days("2018-12-30", "2019-01-01", NEW_YEAR) | days("2019-05-01", "2019-05-04", LABOUR),
    {day("2018-12-29"): NEW_YEAR, day("2019-04-28"): LABOUR, day("2019-05-05"): LABOUR},
)
Y2020 = Year(2020, days("2020-10-01", "2020-10-08", NATIONAL), {day("2020-10-10"): NATIONAL})
CALENDAR = Calendar({2019: Y2019, 2020: Y2020})


@pytest.mark.parametrize(
    ("on", "kind", "name", "expected"),
    [
        ("2019-05-01", DayKind.HOLIDAY, LABOUR, False),
        ("2019-05-04", DayKind.HOLIDAY, LABOUR, False),  # a Saturday within the holiday
        ("2019-05-05", DayKind.MAKEUP, LABOUR, False),
        ("2019-05-06", DayKind.WORKING, "", False),
        ("2019-05-11", DayKind.WEEKEND, "", False),
        ("2018-12-29", DayKind.MAKEUP, NEW_YEAR, False),  # the next year's notice says so
        ("2018-12-31", DayKind.HOLIDAY, NEW_YEAR, False),
        ("2018-12-28", DayKind.WORKING, "", True),
        ("2018-12-22", DayKind.WEEKEND, "", True),
        ("2021-10-01", DayKind.WORKING, "", True),  # nobody has announced it yet
    ],
)
def test_a_day_is_what_the_notice_says_else_what_its_weekday_is(on, kind, name, expected):
    assert (CALENDAR.kind(day(on)), CALENDAR.name(day(on))) == (kind, name)
    assert CALENDAR.expected(day(on)) is expected
    assert CALENDAR.working(day(on)) is (kind in (DayKind.WORKING, DayKind.MAKEUP))


@pytest.mark.parametrize(
    ("begin", "n", "end"),
    [
        ("2019-05-13", 0, "2019-05-13"),
        ("2019-05-11", 0, "2019-05-11"),  # nothing is counted, so nothing rolls
        ("2019-05-13", 1, "2019-05-14"),  # the day of the event does not count
        ("2019-05-10", 1, "2019-05-13"),
        ("2019-05-11", 1, "2019-05-13"),
        ("2019-04-26", 5, "2019-05-06"),  # 28 April and 5 May are worked, the four days of 劳动节 are not
        ("2019-04-30", 1, "2019-05-05"),
        ("2018-12-28", 1, "2018-12-29"),
        ("2018-12-29", 1, "2019-01-02"),
        ("2020-09-30", 2, "2020-10-10"),
        ("2020-12-31", 20, "2021-01-28"),  # from a known year into one that counts weekends only
    ],
)
def test_the_nth_working_day(begin, n, end):
    assert CALENDAR.after(day(begin), n) == day(end)
    assert CALENDAR.count(day(begin), day(end)) == n


@pytest.mark.parametrize(
    ("on", "end"),
    [
        ("2019-05-01", "2019-05-05"),
        ("2019-05-05", "2019-05-05"),
        ("2020-10-03", "2020-10-09"),
        ("2021-10-03", "2021-10-04"),
    ],
)
def test_a_day_off_rolls_to_the_next_that_is_worked(on, end):
    assert CALENDAR.rolled(day(on)) == day(end)


@pytest.mark.parametrize("n", [-1, 10_001])
def test_only_sensible_numbers_are_counted(n):
    with pytest.raises(ValueError, match="working days"):
        CALENDAR.after(day("2019-05-01"), n)


ANY_DAY = st.dates(date(2019, 1, 1), date(2030, 12, 31))
EXCEPTIONS = st.lists(st.tuples(ANY_DAY, st.booleans()), max_size=40)


def calendar(exceptions):
    """A calendar whose odd years are announced with any days off and any weekend days worked."""
    years = {}
    for number in range(2019, 2031, 2):
        own = [(each, off) for each, off in exceptions if each.year == number]
        off = {each: NATIONAL for each, free in own if free}
        worked = {each: NATIONAL for each, free in own if not free and weekend(each)}
        years[number] = Year(number, off, worked)
    return Calendar(years)


@given(EXCEPTIONS, ANY_DAY, st.integers(0, 60))
def test_counting_back_gives_what_was_counted_on(exceptions, begin, n):
    known = calendar(exceptions)
    end = known.after(begin, n)
    assert known.count(begin, end) == n
    assert n == 0 or (known.working(end) and end > begin)


@given(EXCEPTIONS, ANY_DAY, st.integers(0, 30), st.integers(0, 30))
def test_periods_add_up(exceptions, begin, n, more):
    known = calendar(exceptions)
    assert known.after(known.after(begin, n), more) == known.after(begin, n + more)


@given(EXCEPTIONS, ANY_DAY, ANY_DAY, st.integers(0, 40))
def test_who_begins_later_ends_no_earlier(exceptions, one, other, n):
    known = calendar(exceptions)
    first, second = sorted((one, other))
    assert known.after(first, n) <= known.after(second, n)
    assert known.rolled(first) <= known.rolled(second)


@given(EXCEPTIONS, ANY_DAY)
def test_rolling_stops_at_the_first_day_that_is_worked(exceptions, on):
    known = calendar(exceptions)
    end = known.rolled(on)
    assert known.working(end)
    assert known.rolled(end) == end
    assert not any(known.working(on + timedelta(n)) for n in range((end - on).days))


@given(EXCEPTIONS, ANY_DAY, ANY_DAY)
def test_a_stretch_is_the_sum_of_its_parts(exceptions, one, other):
    known = calendar(exceptions)
    begin, end = sorted((one, other))
    middle = begin + (end - begin) // 2
    assert known.count(begin, middle) + known.count(middle, end) == known.count(begin, end)
    assert known.count(end, begin) == 0
    assert 0 <= known.count(begin, end) <= (end - begin).days


@given(EXCEPTIONS, ANY_DAY)
def test_a_year_not_announced_knows_weekends_only(exceptions, on):
    known = calendar(exceptions)
    if on.year % 2 == 0:
        assert known.expected(on)
        assert known.kind(on) in (DayKind.WORKING, DayKind.WEEKEND)
        assert known.working(on) is not weekend(on)
    else:
        assert not known.expected(on)


@given(EXCEPTIONS, ANY_DAY, st.integers(0, 400))
def test_counting_is_walking_from_day_to_day(exceptions, begin, n):
    known = calendar(exceptions)
    day, left = begin, n
    while left:
        day += timedelta(1)
        left -= known.working(day)
    assert known.after(begin, n) == day
    assert known.count(begin, day) == sum(known.working(each) for each in days_after(begin, day))
