"""The shipped years: read from the notices' own words, and the same as an independent table day by day."""

from __future__ import annotations

import tomllib
from datetime import date

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.config import ROOT
from portal.foundation.workdays import queries, service
from portal.foundation.workdays.models import WorkDay
from portal.foundation.workdays.months.rules import FESTIVALS, festivals, months
from portal.foundation.workdays.reading.rules import read, write
from portal.foundation.workdays.rules import Calendar, DayKind, Year, days_after, flaws, weekend

DATA = ROOT / "portal" / "data"
NOTICES = tomllib.loads((DATA / "workdays.toml").read_text("utf-8"))["notice"]
YEARS = range(2019, 2027)


def shipped():
    return Calendar(
        {year: service.shipped([each for each in NOTICES if each["year"] == year]) for year in YEARS}
    )


SHIPPED = shipped()


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_what_an_independent_table_says(year):
    calendar = shipped()
    # December 2018 is arranged by the notice for 2019.
    first = date(2018, 12, 28) if year == 2019 else date(year - 1, 12, 31)
    days = list(days_after(first, date(year, 12, 31)))
    assert len(days) >= 365
    assert [day for day in days if calendar.working(day) is not chinese_calendar.is_workday(day)] == []
    named = {day: calendar.name(day) for day in days if calendar.kind(day) is DayKind.HOLIDAY}
    theirs = {day: chinese_calendar.get_holiday_detail(day)[1] for day in named}
    words = {
        "New Year's Day": "元旦",
        "Spring Festival": "春节",
        "Tomb-sweeping Day": "清明节",
        "Labour Day": "劳动节",
        "Dragon Boat Festival": "端午节",
        "National Day": "国庆节",
        "Mid-autumn Festival": "中秋节",
    }
    # Of a Sunday that a notice counts among the days off the other table gives no name.
    assert [day for day, name in named.items() if theirs[day] and words[theirs[day]] not in name] == []


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice["number"])
def test_every_notice_is_read_whole(notice):
    said = read(notice["year"], notice["text"])
    assert said.flaws == []
    # 除夕 2024 was recommended and not given.
    assert said.left == (
        ["鼓励各单位结合带薪年休假等制度落实,安排职工在除夕(2月9日)休息"] if notice["year"] == 2024 else []
    )
    assert read(notice["year"], write(said.year())).year() == said.year()


def test_the_shipped_years_have_no_flaw_beside_each_other():
    calendar = shipped()
    assert [flaw for year in calendar.years.values() for flaw in flaws(year, calendar)] == []
    names = {name for year in calendar.years.values() for name in year.holidays.values()}
    assert {part for name in names for part in name.split("、")} == set(FESTIVALS)


def test_what_was_changed_during_a_year_holds():
    calendar = shipped()
    assert calendar.kind(date(2019, 5, 2)) is DayKind.HOLIDAY  # by the second notice of that year
    assert calendar.kind(date(2020, 2, 1)) is DayKind.HOLIDAY  # a make-up day before the epidemic
    assert calendar.after(date(2020, 1, 23), 1) == date(2020, 2, 3)
    assert "国办发明电〔2018〕15号" in calendar.years[2019].source
    assert "国办发明电〔2019〕3号，2019年3月22日" in calendar.years[2019].source


@given(st.dates(date(2019, 1, 1), date(2030, 12, 31)), st.integers(0, 120))
def test_counting_through_announced_years_and_out_of_them(begin, n):
    end = SHIPPED.after(begin, n)
    assert SHIPPED.count(begin, end) == n
    assert SHIPPED.rolled(end) == (end if n or SHIPPED.working(end) else SHIPPED.after(end, 1))
    assert SHIPPED.expected(end) is (end.year > YEARS[-1])
    if SHIPPED.expected(end):
        assert SHIPPED.kind(end) is (DayKind.WEEKEND if weekend(end) else DayKind.WORKING)


def test_months_and_festivals_say_what_the_year_says():
    calendar = shipped()
    shown = list(months(calendar, 2026))
    assert [month.number for month in shown] == list(range(1, 13))
    assert sum(month.working for month in shown) == 248
    cells = [cell for month in shown for week in month.weeks for cell in week if cell]
    assert len(cells) == 365
    assert all(len(week) == 7 for month in shown for week in month.weeks)
    assert all(
        week.index(cell) == cell.day.weekday() for m in shown for week in m.weeks for cell in week if cell
    )
    spring = festivals(calendar.years[2026])[1]
    assert (spring.name, spring.off, spring.length) == ("春节", [(date(2026, 2, 15), date(2026, 2, 23))], 9)
    assert spring.makeups == [date(2026, 2, 14), date(2026, 2, 28)]
    assert festivals(Year(2030)) == []


def test_the_shipped_years_are_loaded_once(session):
    assert service.load(DATA) == len(YEARS)
    version, days = queries.version(), session.query(WorkDay).count()
    assert version == len(YEARS)
    assert service.load(DATA) == 0
    assert (queries.version(), session.query(WorkDay).count()) == (version, days)
    assert queries.calendar() == shipped()
