"""The public calendar, and counting in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import UTC, date, datetime

import pytest
import time_machine

from portal import clock
from portal.config import ROOT
from portal.foundation.workdays import queries, service
from portal.site.counting.count import count

DATA = ROOT / "portal" / "data"


@pytest.fixture
def loaded(session):
    service.load(DATA)
    session.commit()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_year_shows_its_months_its_holidays_and_its_notice(client, loaded):
    page = client.get("/workdays/2026").text
    assert page.count('class="workmonth"') == 12
    assert "国办发明电〔2025〕7号" in page
    assert "全年 248 个工作日" in page
    said = words(page)
    assert "15 放假（春节）休" in said
    assert "14 补班（春节）班" in said
    assert "2026年2月15日（周日）至2026年2月23日（周一）" in said
    english = words(client.get("/workdays/2026?lang=en").text)
    assert "15 Holiday (Spring Festival)H" in english
    assert "248 working days in the year." in english


def test_a_year_not_announced_says_so(client, loaded):
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC)):
        page = client.get("/workdays/2027")
        assert page.status_code == 200
        assert "只按周末算，是预计" in page.text
        assert "放假（" not in words(page.text)
        assert '2027年</a> <span class="quiet">预计' in client.get("/workdays").text
        # Beyond the next year nothing can be said.
        assert client.get("/workdays/2028").status_code == 404
        assert client.get("/workdays/2018").status_code == 404
        assert "/workdays/2027" not in client.get("/sitemap.xml").text
        assert "/workdays/2026" in client.get("/sitemap.xml").text


@pytest.mark.parametrize(
    ("begin", "days", "end", "number"),
    [
        ("2026-09-28", 5, "2026年10月10日（周六）", 13),
        ("2026-02-13", 1, "2026年2月14日（周六）", 2),
        ("2020-01-23", 1, "2020年2月3日（周一）", 12),
    ],
)
def test_working_days_are_counted_day_by_day(client, loaded, begin, days, end, number):
    page = client.get(f"/workdays?from={begin}&days={days}").text
    assert f'<p class="workday__day">{end}</p>' in page
    assert page.count('<th scope="row">') == number
    assert "预计）" not in page
    assert "起算当天" in page


def test_an_answer_that_may_still_change_says_so(client, loaded):
    page = client.get("/workdays?from=2026-12-28&days=8").text
    assert re.search(r'workday__day">2027年1月7日（周四）\s*（预计）', page)
    assert "通知出来以后可能会变" in page


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("from=x&days=5", ["from"]),
        ("from=2026-02-30&days=5", ["from"]),
        ("from=9999-12-31&days=250", ["from"]),
        ("from=2026-09-28", ["days"]),
        ("from=2026-09-28&days=0", ["days"]),
        ("from=2026-09-28&days=251", ["days"]),
        ("from=2026-09-28&days=-1", ["days"]),
        ("from=2026-09-28&days=%EF%BC%95", ["days"]),
        ("days=1e3", ["from", "days"]),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_field(client, loaded, query, faults):
    answer = client.get(f"/workdays?{query}")
    assert answer.status_code == 200
    assert re.findall(r'id="(\w+)-fault"', answer.text) == faults
    assert "workday__day" not in answer.text


def test_the_page_and_the_calendar_agree(app, loaded):
    with app.test_request_context("/workdays"):
        calendar = queries.calendar()
        said = count(calendar, "2021-09-15", "20")
    assert said.end == calendar.after(date(2021, 9, 15), 20) == date(2021, 10, 19)
    assert [line.number for line in said.lines if line.number] == list(range(1, 21))


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai"])
def test_the_day_is_the_day_in_china_whatever_the_machine_says(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with time_machine.travel(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
            assert clock.today() == date(2027, 1, 1)
        with time_machine.travel(datetime(2026, 12, 31, 15, 30, tzinfo=UTC)):
            assert clock.today() == date(2026, 12, 31)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_counting_knows_no_zone(zone):
    said = (
        "from datetime import date; from portal.foundation.workdays.rules import Calendar;"
        "print(Calendar({}).after(date(2026, 12, 31), 20))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", said],
        env={**os.environ, "TZ": zone, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == "2027-01-28"
