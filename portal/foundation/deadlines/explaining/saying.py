"""How a date was counted, in words, for the pages that show it (T-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date

from portal.foundation.deadlines import queries
from portal.foundation.deadlines.explaining.rules import Month, Summary, months, summary
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import Counted, Counting, PauseCause, Why
from portal.foundation.workdays.rules import Calendar, DayKind
from portal.i18n import DEFAULT, day, language, mark
from portal.i18n import gettext as _

MONDAY = date(2024, 1, 1)
PAUSES_BASIS = "行政许可法第四十五条"

CAUSES: Mapping[PauseCause, str] = {
    PauseCause.HEARING: mark("听证"),
    PauseCause.TENDER: mark("招标"),
    PauseCause.AUCTION: mark("拍卖"),
    PauseCause.TESTING: mark("检验、检测"),
    PauseCause.QUARANTINE: mark("检疫"),
    PauseCause.APPRAISAL: mark("鉴定"),
    PauseCause.EXPERT_REVIEW: mark("专家评审"),
}


@dataclass(frozen=True)
class Line:
    """A day of the table: its date, what it is, which number it has; `counts` sets it off."""

    day: str
    what: str
    number: str
    counts: bool
    last: bool


@dataclass(frozen=True)
class Explanation:
    """Everything that the page says of the counting."""

    sentence: str
    how: str
    lines: Sequence[Line]
    months: Sequence[Month]
    summary: Summary
    sources: Sequence[str]
    expected: bool

    @property
    def total(self) -> str:
        """How many days passed, and how many of them were counted."""
        return _total(self.summary)

    @property
    def weekday_names(self) -> list[tuple[str, str]]:
        """Short and long names of the days of a week, Monday first."""
        week = [MONDAY + timedelta(days=number) for number in range(7)]
        return [(format_date(each, "EEEEE"), format_date(each, "EEEE")) for each in week]

    @staticmethod
    def month_name(first: date) -> str:
        """2021年9月, or September 2021."""
        return str(format_date(first, "y年M月" if language() == DEFAULT else "MMMM y"))

    @staticmethod
    def weekday(when: date) -> str:
        """A date with its weekday."""
        return weekday(when)


def of(deadline: Deadline, calendar: Calendar) -> Explanation:
    """The explanation of a deadline by a calendar."""
    days = queries.explained(deadline, calendar)
    years = {each.day.year for each in days}
    return Explanation(
        sentence=_sentence(deadline, days),
        how=_how(deadline),
        lines=[_line(each, last=each is days[-1]) for each in days],
        months=months(days),
        summary=summary(days),
        sources=[calendar.years[year].source for year in sorted(years) if year in calendar.years],
        expected=any(each.expected for each in days),
    )


def weekday(when: date) -> str:
    """A date with its weekday: 2021年9月15日（星期三）."""
    name = format_date(when, "EEEE")
    return f"{day(when)}（{name}）" if language() == DEFAULT else f"{day(when)} ({name})"


def _total(said: Summary) -> str:
    parts = [
        _("放假 %(count)s 天", count=said.holidays) if said.holidays else "",
        _("周末 %(count)s 天", count=said.weekends) if said.weekends else "",
        _("暂停 %(count)s 天", count=said.paused) if said.paused else "",
    ]
    off = _("、").join(part for part in parts if part)
    sentences = [_("一共经过 %(passed)s 天，计 %(counted)s 天。", passed=said.passed, counted=said.counted)]
    if off:
        sentences.append(_("不计的是：%(off)s。", off=off))
    if said.makeups:
        sentences.append(_("其中 %(count)s 个周末补班，照样计数。", count=said.makeups))
    return ("" if language() == DEFAULT else " ").join(sentences)


def _how(deadline: Deadline) -> str:
    if deadline.counting is Counting.FIXED_DAY:
        return _("文件写明的日期")
    if deadline.counting is Counting.WORKING_DAYS:
        return _("工作日，共 %(count)s 天", count=deadline.amount)
    return _("自然日，共 %(count)s 天", count=deadline.amount)


def _sentence(deadline: Deadline, days: Sequence[Counted]) -> str:
    begin = weekday(deadline.begins_on)
    counted = max((each.number or 0 for each in days), default=0)
    if deadline.counting is Counting.FIXED_DAY:
        said = [_("这一天是文件写明的，不用数。")]
    elif deadline.counting is Counting.WORKING_DAYS:
        said = [_("从%(begin)s的次日数起，第 %(count)s 个工作日。", begin=begin, count=counted)]
    else:
        said = [_("从%(begin)s的次日数起，第 %(count)s 天。", begin=begin, count=counted)]
    if days[-1].why is Why.ROLLED:
        said.append(_("最后一天不上班，顺延到下一个工作日。"))
    if deadline.extensions:
        said.append(_("已算上延期。"))
    if days[-1].day != deadline.due_on:
        said.append(_otherwise(deadline, days[-1].day))
    return ("" if language() == DEFAULT else " ").join(said)


def _otherwise(deadline: Deadline, last: date) -> str:
    """Why the days below end on another day: they are those of the calendar as it is now (T-2)."""
    if deadline.state.running:
        return _("放假安排刚有变，马上重新计算。")
    return _("结束以后放假安排有变，到期日不再改；照现在的安排，会数到%(day)s。", day=weekday(last))


def _line(counted: Counted, *, last: bool) -> Line:
    number = str(counted.number) if counted.number is not None else _number(counted, last=last)
    when = format_date(counted.day, "M月d日 EEE" if language() == DEFAULT else "EEE d MMM y")
    return Line(when, _what(counted), number, counted.number is not None or last, last)


def _number(counted: Counted, *, last: bool) -> str:
    if last:
        return _("到期")
    if counted.why in (Why.WAITING, Why.EXTENDED):
        return "—"
    return _("不计")


def _what(counted: Counted) -> str:
    if counted.why is Why.BEGIN:
        return _("起算当天")
    if counted.why is Why.PAUSED:
        cause = _(CAUSES[counted.paused_by]) if counted.paused_by else ""
        return _("暂停：%(cause)s（%(basis)s）", cause=cause, basis=PAUSES_BASIS)
    said = kind_of_day(counted)
    if counted.why is Why.ROLLED and not counted.kind.worked:
        said = _("%(day)s，顺延", day=said)
    if counted.granted:
        said = _("%(day)s（延期）", day=said)
    return _("%(day)s（预计）", day=said) if counted.expected else said


def kind_of_day(counted: Counted) -> str:
    """What a day is: 工作日, 周末, 中秋节放假, 补班（国庆节调休）."""
    name = _("、").join(_(part) for part in counted.name.split("、"))
    if counted.kind is DayKind.HOLIDAY:
        return _("%(name)s放假", name=name)
    if counted.kind is DayKind.MAKEUP:
        return _("补班（%(name)s调休）", name=name)
    return _("周末") if counted.kind is DayKind.WEEKEND else _("工作日")
