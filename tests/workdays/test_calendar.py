from datetime import date

import pytest

from portal.config import ROOT
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.rights.rules import Role
from portal.foundation.siteversion import queries as siteversion
from portal.foundation.workdays import queries, registry, service
from portal.foundation.workdays.reading.rules import read
from portal.foundation.workdays.rules import Calendar, DayKind, Year, lacking, turns
from tests.lists.making import account

DATA = ROOT / "portal" / "data"
SOURCE = "《国务院办公厅关于2027年部分节假日安排的通知》"
TEXT = "元旦：1月1日至3日放假\n国庆节：10月1日至7日放假。9月26日（星期日）、10月9日（星期六）上班"


def year(text=TEXT, number=2027, source=SOURCE):
    return read(number, text).year(source)


def test_a_year_is_expected_until_it_is_announced(editor):
    assert queries.version() == 0
    assert queries.calendar() == Calendar({})
    row = service.announce(year(), by=editor, seen=0)
    calendar = queries.calendar()
    assert (row.version, queries.version(), row.changed_by_id) == (1, 1, editor.id)
    assert not calendar.expected(date(2027, 10, 1))
    assert calendar.kind(date(2027, 10, 9)) is DayKind.MAKEUP
    assert calendar.years[2027] == year()
    assert calendar.expected(date(2028, 1, 1))


def test_every_change_raises_the_version_and_saving_the_same_does_not(editor):
    service.announce(year(), by=editor, seen=0)
    assert service.announce(year(), by=editor, seen=1).version == 1
    service.announce(year(number=2028, text="元旦：1月1日至3日放假"), by=editor, seen=0)
    assert queries.version() == 2
    service.announce(year(TEXT.replace("至7日", "至8日")), by=editor, seen=1)
    assert queries.version() == 3
    assert queries.calendar().kind(date(2027, 10, 8)) is DayKind.HOLIDAY
    service.take_back(2027, by=editor, seen=2)
    assert queries.version() == 4
    assert list(queries.calendar().years) == [2028]
    assert queries.calendar().expected(date(2027, 10, 8))
    assert service.announce(year(), by=editor, seen=3).announced
    assert queries.calendar().years[2027] == year()


def test_nobody_writes_over_what_they_have_not_seen(editor):
    service.announce(year(), by=editor, seen=0)
    for seen in (0, 2):
        with pytest.raises(Conflict):
            service.announce(year(TEXT.replace("至7日", "至8日")), by=editor, seen=seen)
        with pytest.raises(Conflict):
            service.take_back(2027, by=editor, seen=seen)
    with pytest.raises(NotFound):
        service.take_back(2030, by=editor, seen=0)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (year(number=1999), "年份"),
        (year(number=2101), "年份"),
        (year(""), "没有一天放假"),
        (year("国庆节：2028年10月1日放假"), "不属于"),
        (year("国庆节：2026-11-30 放假"), "不属于"),
        (year("国庆节：10月1日放假，10月8日上班"), "不是周末"),
        (Year(2027, {date(2027, 10, 2): "国庆节"}, {date(2027, 10, 2): "国庆节"}, SOURCE), "既写了放假"),
        (year("元旦：2026年12月31日至2027年1月2日放假"), "2026 年已经公布的安排"),
        (year(source=" "), "依据"),
        (year(source="某" * 501), "依据"),
        (Year(2027, {date(2027, 10, 2): ""}, {}, SOURCE), "节日名称"),
        (Year(2027, {date(2027, 10, 2): "节" * 33}, {}, SOURCE), "节日名称"),
    ],
)
def test_an_arrangement_with_a_flaw_is_refused(editor, wanted, sentence):
    worked = Year(2026, {date(2026, 1, 1): "元旦"}, {}, SOURCE)
    service.announce(Year(2026, worked.holidays, {date(2026, 12, 5): "元旦"}, SOURCE), by=editor, seen=0)
    clash = read(2027, "元旦：2026年12月5日至6日放假").year(SOURCE) if "2026 年" in sentence else wanted
    with pytest.raises(Refused, match=sentence):
        service.announce(clash, by=editor, seen=0)
    assert list(queries.calendar().years) == [2026]


@pytest.mark.parametrize("role", Role)
def test_who_may_change_the_calendar(session, role):
    person = account(role)
    if role in (Role.EDITOR, Role.APPROVER):
        service.announce(year(), by=person, seen=0)
        service.take_back(2027, by=person, seen=1)
    else:
        with pytest.raises(Forbidden):
            service.announce(year(), by=person, seen=0)
        with pytest.raises(Forbidden):
            service.take_back(2027, by=person, seen=0)


def test_a_later_start_overwrites_nothing_that_a_person_did(session, editor):
    service.load(DATA)
    before = queries.calendar()
    service.announce(
        Year(2026, {date(2026, 1, 1): "元旦"}, {}, SOURCE), by=editor, seen=queries.year(2026).version
    )
    service.take_back(2019, by=editor, seen=queries.year(2019).version)
    # As an older release had it, untouched by anybody since.
    service.announce(
        Year(2020, {date(2020, 1, 1): "元旦"}, {}, SOURCE), by=None, seen=queries.year(2020).version
    )
    version = queries.version()
    assert service.load(DATA) == 1
    assert queries.version() == version + 1
    after = queries.calendar()
    assert after.years[2020] == before.years[2020]
    assert after.years[2026].holidays == {date(2026, 1, 1): "元旦"}
    assert 2019 not in after.years


def test_the_calendar_is_read_once_and_never_stale(session, editor, app):
    service.announce(year(), by=editor, seen=0)
    first = queries.calendar()
    assert queries.calendar() is first
    savepoint = session.begin_nested()
    service.announce(year(TEXT.replace("至7日", "至8日")), by=editor, seen=1)
    assert queries.calendar().kind(date(2027, 10, 8)) is DayKind.HOLIDAY
    savepoint.rollback()
    session.expire_all()
    assert queries.calendar().kind(date(2027, 10, 8)) is DayKind.WORKING
    service.announce(year(TEXT.replace("至7日", "至6日")), by=editor, seen=1)
    assert queries.calendar().kind(date(2027, 10, 7)) is DayKind.WORKING


def test_public_pages_learn_of_every_change(session, editor):
    session.commit()
    before = siteversion.number()
    service.announce(year(), by=editor, seen=0)
    session.commit()
    assert siteversion.number() == before + 1
    service.take_back(2027, by=editor, seen=1)
    session.commit()
    assert siteversion.number() == before + 2


def test_whoever_counts_is_asked_how_many_dates_would_move(monkeypatch):
    monkeypatch.setattr(registry, "MOVERS", [])
    asked = []

    @registry.moved_by_calendar
    def three(calendar, days):
        asked.append((calendar, list(days)))
        return 3

    before = Calendar({})
    after = before.with_year(year())
    changed = turns(before, after, 2027)
    counted = [turn.day for turn in changed if turn.counts_otherwise]
    assert len(changed) == 12
    assert [turn.day.isoformat() for turn in changed if not turn.counts_otherwise] == [
        "2027-01-02",
        "2027-01-03",
        "2027-10-02",
        "2027-10-03",
    ]
    assert registry.moved(after, counted) == 3
    assert registry.moved(after, []) == 0
    assert asked == [(after, counted)]
    assert after.without_year(2027) == before


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        ("2026-10-31", []),
        ("2026-11-01", [2027]),
        ("2026-12-31", [2027]),
        ("2027-01-01", [2027]),
        ("2027-11-01", [2027, 2028]),
    ],
)
def test_a_notice_that_should_be_out_is_asked_for(today, missing):
    known = Calendar({2026: Year(2026, {date(2026, 1, 1): "元旦"})})
    assert lacking(known, date.fromisoformat(today)) == missing
