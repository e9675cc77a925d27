from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.workdays.reading.rules import LONGEST_STRETCH, read, write
from portal.foundation.workdays.rules import Year, days_after, weekend

NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕9号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2027年元旦、春节放假调休日期的具体安排通知如下。
　　一、元旦：2027年1月1日（周五）至3日（周日）放假，共3天。
　　二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月13日（星期六）、2月20日（星期六）上班。
　　鼓励单位和个人结合落实带薪年休假等制度，在2月12日休息。
国务院办公厅
2026年12月3日
"""


def days(*texts):
    return [date.fromisoformat(text) for text in texts]


def stretch(first, last):
    begin, end = days(first, last)
    return [begin, *days_after(begin, end)]


def test_a_notice_is_read_as_it_was_printed():
    said = read(2027, NOTICE)
    assert said.flaws == []
    assert sorted(said.holidays) == stretch("2027-01-01", "2027-01-03") + stretch("2027-02-05", "2027-02-11")
    assert set(said.holidays.values()) == {"元旦", "春节"}
    assert said.makeups == dict.fromkeys(days("2027-02-13", "2027-02-20"), "春节")
    # What recommends and what signs is given back, not taken.
    assert len(said.left) == 2
    assert "鼓励" in said.left[0]
    assert said.left[1] == "2026年12月3日"


def test_a_clause_is_no_name_for_the_lines_after_it():
    said = read(2027, "鼓励各单位安排好假期，在2月12日休息。\n2月13日（星期六）上班")
    assert (said.holidays, said.makeups, len(said.left)) == ({}, {}, 2)


@pytest.mark.parametrize(
    ("line", "off", "work"),
    [
        (
            "国庆节 2027-10-01 至 2027-10-07；上班 2027-09-26, 2027-10-09",
            stretch("2027-10-01", "2027-10-07"),
            days("2027-09-26", "2027-10-09"),
        ),
        (
            "国庆节：2027/10/1~2027/10/3，2027.10.9 上班",
            stretch("2027-10-01", "2027-10-03"),
            days("2027-10-09"),
        ),
        ("3. 清明节：４月５日放假，4月6日（星期二）补休。", days("2027-04-05", "2027-04-06"), []),
        ("元旦：2026年12月31日至2027年1月2日放假", stretch("2026-12-31", "2027-01-02"), []),
        (
            "春节：放假 2月5日至7日，补班 2月13日、2月20日",
            stretch("2027-02-05", "2027-02-07"),
            days("2027-02-13", "2027-02-20"),
        ),
        ("五一劳动节：5月1日放假1天，不调休", days("2027-05-01"), []),
        ("中秋节、国庆节：9月15日——17日放假", stretch("2027-09-15", "2027-09-17"), []),
        ("国庆节 2027-10-01", days("2027-10-01"), []),
        # Nothing says that these are days off.
        ("高速公路：4月4日0时起免费", [], []),
        ("国务院办公厅 2026年12月3日", [], []),
        ("2027-10-01 放假", [], []),
        ("高速公路：4月4日至6日免费通行", [], []),
        ("国庆节：10月1日至7日不放假", [], []),
    ],
)
def test_lines_as_people_type_them(line, off, work):
    said = read(2027, line)
    assert (sorted(said.holidays), sorted(said.makeups)) == (off, work)
    assert said.flaws == []
    assert bool(said.left) is not bool(off or work)


def test_the_days_of_a_holiday_may_go_on_in_the_next_line():
    said = read(2027, "春节：2月5日至11日放假\n2月13日（周六）上班\n上班：2027-02-20")
    assert sorted(said.makeups) == days("2027-02-13", "2027-02-20")
    assert set(said.makeups.values()) == {"春节"}


@pytest.mark.parametrize(
    ("line", "sentence", "values"),
    [
        ("春节：2月30日放假", "没有", {"text": "2月30日"}),
        ("春节：2027-13-01 放假", "没有", {"text": "2027-13-01"}),
        ("春节：2月5日（周六）放假", "日历上是", {"text": "2月5日", "said": "六", "right": "五"}),
        (
            "春节：2月11日至5日放假",
            "读不通",
            {"first": "2027-02-11", "last": "2027-02-05", "count": LONGEST_STRETCH},
        ),
        (
            "春节：2027-02-01 至 2027-12-01",
            "读不通",
            {"first": "2027-02-01", "last": "2027-12-01", "count": LONGEST_STRETCH},
        ),
        ("春节：2月5日至11日放假，共8天", "读出来", {"name": "春节", "stated": 8, "count": 7}),
        ("春节：2月6日放假。2月6日上班", "两次", {"day": "2027-02-06"}),
        ("春节：2月6日放假\n元旦：2月6日放假", "两次", {"day": "2027-02-06"}),
    ],
)
def test_what_cannot_be_right_is_said(line, sentence, values):
    (flaw,) = read(2027, line).flaws
    assert sentence in flaw.sentence
    assert flaw.values == values
    assert flaw.sentence % flaw.values


NAMES = st.sampled_from(["元旦", "春节", "国庆节", "中秋节、国庆节", "抗战胜利纪念日"])
DAYS = st.dates(date(2026, 12, 1), date(2027, 12, 31))


@given(st.dictionaries(DAYS, st.tuples(st.booleans(), NAMES), max_size=60))
def test_what_is_written_out_is_read_back(named):
    off = {day: name for day, (free, name) in named.items() if free}
    work = {day: name for day, (free, name) in named.items() if not free and weekend(day)}
    year = Year(2027, off, work)
    said = read(2027, write(year))
    long = any("读不通" in flaw.sentence for flaw in said.flaws)
    assert long or (said.year() == year and said.flaws == [] and said.left == [])


@given(
    st.text(
        st.sampled_from("0123456789年月日至、，。；：（）() -\n上班放假补休共天节周六星期鼓励"), max_size=80
    )
)
def test_any_text_is_read_without_an_error(text):
    said = read(2027, f"节：{text}")
    assert said.flaws or set(said.holidays).isdisjoint(said.makeups)
    assert all(flaw.sentence % flaw.values for flaw in said.flaws)
