"""The calendar of working days: years as announced, each looked at before it is changed (T-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from admin import forms
from admin.asking import asks
from admin.base import SIGNED_IN, Answer, StaffPage, answered_yes, carried_out, status
from portal import clock
from portal.errors import NotFound
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.workdays import queries, registry, service
from portal.foundation.workdays.models import WorkYear
from portal.foundation.workdays.months.rules import Month, festivals, months
from portal.foundation.workdays.reading.rules import Reading, read, write
from portal.foundation.workdays.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    Calendar,
    Flaw,
    Turn,
    Year,
    flaws,
    turns,
)

LONGEST_TEXT = 10_000
AHEAD = 2
"""So many years after this one can be filled in from the list."""
NUMBER = "<int:number>"


class SeenForm(forms.StaffForm):
    """Carries the version of the year that was looked at, so that nobody writes over what they have not seen."""

    seen = IntegerField(widget=HiddenInput(), default=0)


class YearForm(SeenForm):
    """A year's arrangement in lines; saved only as it was previewed."""

    lines = TextAreaField(
        _("放假和上班"),
        [InputRequired(forms.REQUIRED), Length(max=LONGEST_TEXT, message=forms.LONG)],
        description=_(
            "可以把通知原文整段贴上，也可以一个节日一行自己写，例如："
            "国庆节 2027-10-01 至 2027-10-07；上班 2027-09-26, 2027-10-09"
        ),
        render_kw={"rows": 10},
    )
    source = TextAreaField(
        _("依据"),
        [InputRequired(forms.REQUIRED), Length(max=service.LONGEST_SOURCE, message=forms.LONG)],
        description=_("通知的标题、文号和日期；有更正通知的，一起写上。"),
    )
    previewed = HiddenField()


@dataclass(frozen=True)
class Listed:
    """A line of the list: the year, its row if it ever had one, and what holds if it is announced."""

    number: int
    row: WorkYear | None
    year: Year | None


class Draft:
    """An arrangement as typed, beside the calendar as it stands."""

    def __init__(self, number: int, text: str, source: str) -> None:
        self.before: Calendar = queries.calendar()
        self.reading: Reading = read(number, text)
        self.year: Year = self.reading.year(source.strip())
        self.after: Calendar = self.before.with_year(self.year)
        self.first = number not in self.before.years

    @property
    def flaws(self) -> Iterator[Flaw]:
        """What is wrong with the text, then with what it says."""
        yield from self.reading.flaws
        yield from flaws(self.year, self.before)

    @property
    def left(self) -> list[str]:
        """Sentences with dates that were not taken."""
        return self.reading.left

    @cached_property
    def turns(self) -> list[Turn]:
        """Days that become something else."""
        return turns(self.before, self.after, self.year.year)

    @property
    def counted(self) -> list[Turn]:
        """Those of them by which dates can move."""
        return [turn for turn in self.turns if turn.counts_otherwise]

    @cached_property
    def moved(self) -> int:
        """How many running dates would move."""
        return registry.moved(self.after, [turn.day for turn in self.counted])

    @property
    def months(self) -> list[Month]:
        """The year as it would look."""
        return list(months(self.after, self.year.year))

    @property
    def digest(self) -> str:
        """Tells one arrangement from another: what is saved is what was previewed."""
        return sha256(f"{write(self.year)}\n{self.year.source}".encode()).hexdigest()


class WorkdaysPage(StaffPage):
    """Which days are worked, year by year."""

    key = "workdays"
    title = _("工作日历")
    section = "deadlines"
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """Every year that was entered, and the next ones to enter."""
        known, rows = queries.calendar().years, {row.year: row for row in queries.years()}
        this = clock.today().year
        numbers = sorted({*rows, *range(this, this + AHEAD + 1)}, reverse=True)
        listed = [Listed(number, rows.get(number), known.get(number)) for number in numbers]
        return self.render("staff/workdays.html", years=listed, edits=self._edits())

    @expose(f"/{NUMBER}/")
    def show(self, number: int) -> Answer:
        """A year as twelve months and as a list of holidays."""
        calendar = _calendar(number)
        year = calendar.years.get(number)
        return self.render(
            "staff/workyear.html",
            number=number,
            year=year,
            months=months(calendar, number),
            festivals=festivals(year) if year else [],
            edits=self._edits(),
        )

    @expose(f"/{NUMBER}/edit", methods=("GET", "POST"))
    @asks(Right.EDIT_CALENDAR)
    def edit(self, number: int) -> Answer:
        """Type or paste the arrangement, see what it changes, save what was seen."""
        require(self.account, Right.EDIT_CALENDAR)
        form = YearForm(**_standing(number))
        draft = None
        if form.validate_on_submit():
            draft = Draft(number, form.lines.data, form.source.data)
            form.form_errors += [gettext(flaw.sentence, **flaw.values) for flaw in draft.flaws]
            if not form.form_errors and self._saved(form, draft):
                flash(gettext("%(year)s年的安排已经保存。", year=number), "success")
                return redirect(self.get_url(".show", number=number))
            form.previewed.data = draft.digest
        shown = draft if draft and not form.errors else None
        page = self.render("staff/workyear_edit.html", number=number, form=form, draft=shown)
        return page, 200 if shown else status()

    @expose(f"/{NUMBER}/take-back", methods=("GET", "POST"))
    @asks(Right.EDIT_CALENDAR)
    def take_back(self, number: int) -> Answer:
        """Asks first; a POST with the answer yes makes the year unannounced again."""
        require(self.account, Right.EDIT_CALENDAR)
        calendar = _calendar(number)
        if number not in calendar.years:
            raise NotFound("%(year)s 年还没有公布安排。", year=number)
        form = SeenForm(seen=_version(number))
        if answered_yes(form) and carried_out(
            form, lambda: service.take_back(number, by=self.account, seen=form.seen.data or 0)
        ):
            return redirect(self.get_url(".show", number=number))
        after = calendar.without_year(number)
        days = [turn.day for turn in turns(calendar, after, number) if turn.counts_otherwise]
        moved = registry.moved(after, days)
        return self.render("staff/workyear_take_back.html", number=number, form=form, moved=moved), status()

    def _edits(self) -> bool:
        return may(self.account, Right.EDIT_CALENDAR)

    def _saved(self, form: Any, draft: Draft) -> bool:
        if request.form.get("answer") != "yes" or form.previewed.data != draft.digest:
            return False
        return carried_out(
            form, lambda: service.announce(draft.year, by=self.account, seen=form.seen.data or 0)
        )


def _calendar(number: int) -> Calendar:
    """The calendar, for a year that can be entered; NotFound for any other."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise NotFound("没有这一页。")
    return queries.calendar()


def _version(number: int) -> int:
    row = queries.year(number)
    return row.version if row else 0


def _standing(number: int) -> dict[str, Any]:
    """What the form holds at first: the arrangement as it stands."""
    year = _calendar(number).years.get(number)
    return {
        "lines": write(year) if year else "",
        "source": year.source if year else "",
        "seen": _version(number),
    }
