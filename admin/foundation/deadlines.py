"""Who owes what, and is it late: the board, each date explained, and what a person decides about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import ceil
from typing import Any

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from admin import forms
from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage, carried_out, committed, page_number, status, told
from admin.bulk import BulkAct
from admin.door import own_address
from admin.foundation.owed import SEEN_WITH, as_file, choices, heat_map, urging, words
from admin.savedviews import bar, opening_address
from portal import clock
from portal.errors import Conflict, NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries, service
from portal.foundation.deadlines.board import owing
from portal.foundation.deadlines.board import queries as board
from portal.foundation.deadlines.board.rules import LIVE_PARTS, Part, Wanted
from portal.foundation.deadlines.explaining import saying
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import record_of
from portal.foundation.deadlines.rules import LONGEST
from portal.foundation.deadlines.urging import service as urging_service
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.workdays import queries as workdays

PAGE = 25
UNITS = 20
"""Units on one page of the board, each with what comes first of it."""
ONE = "<int:deadline_id>"
YEARS = range(2000, 2200)
"""Days outside of these are not asked for by anybody who means it."""


class ExtendForm(forms.StaffForm):
    """How long, why, and who granted it."""

    days = IntegerField(
        _("延长几天"),
        [Optional(), NumberRange(1, LONGEST, _("请写 1 到 3660 之间的整数。"))],
        description=_("和原来一样数：原来数工作日，这里也数工作日。"),
    )
    until = forms.DayField(_("或者延到哪一天"))
    reason = forms.text(_("理由"), longest=1000)
    granted_by = forms.text(_("谁批准的"), longest=128)

    def said(self) -> dict[str, str]:
        """As each of many deadlines says it."""
        return {
            "days": str(self.days.data or ""),
            "until": self.until.data.isoformat() if self.until.data else "",
            "reason": self.reason.data,
            "granted_by": self.granted_by.data,
        }


class DoneForm(forms.StaffForm):
    """When it was done."""

    on = forms.DayField(_("哪天办结的"), hint=_("不填就是今天。"))
    note = forms.text(_("说明"), longest=1000, required=False)


class ReasonForm(forms.StaffForm):
    """Why."""

    reason = forms.text(_("理由"), longest=1000)


ACTS = (BulkAct("deadlines-urge"), BulkAct("deadlines-extend", ExtendForm, ExtendForm.said))
"""What can be done to many of those that are owed."""


class DeadlinesPage(StaffPage):
    """The board and its deadlines; whoever manages them sees all, a unit its own and its places'."""

    key = "deadlines"
    title = _("时限总表")
    section = "deadlines"
    access = SEEN_WITH
    remembers = ("part", "unit", "place", "kind", "list", "week", "rows", "by")

    @expose("/")
    def index(self) -> Answer:
        """The board: parts with their counts, who owes how much when, unit by unit or row by row."""
        if (address := opening_address(self)) is not None:
            return redirect(address)
        today, wanted = clock.today(), wanted_by(self.account)
        whole = self._by_unit(wanted, today) if _grouped(wanted) else self._by_row(wanted, today)
        return self.render(
            "staff/deadlines.html",
            wanted=wanted,
            today=today,
            counts=board.counts(wanted, today),
            parts=Part,
            choices=choices(wanted.seen),
            bar=bar(self),
            acts=self._acts(wanted),
            total=board.size(wanted, today),
            **whole,
            **heat_map(wanted, today, request.args.get("by", "")),
            **words(today),
        )

    def _acts(self, wanted: Wanted) -> tuple[BulkAct, ...]:
        owed = wanted.part is None or wanted.part in LIVE_PARTS
        return ACTS if owed and may(self.account, Right.MANAGE_DEADLINES) else ()

    def _by_unit(self, wanted: Wanted, today: date) -> dict[str, Any]:
        many = owing.size(wanted, today)
        last = max(1, ceil(many / UNITS))
        page = page_number(last)
        units = owing.by_unit(wanted, today, offset=(page - 1) * UNITS, limit=UNITS)
        rows = [each for unit in units for each in unit.first]
        return {
            "units": units,
            "many": many,
            "rows": rows,
            "page": page,
            "last": last,
            **urging(self.account, rows),
        }

    def _by_row(self, wanted: Wanted, today: date) -> dict[str, Any]:
        last = max(1, ceil(board.size(wanted, today) / PAGE))
        page = page_number(last)
        rows = board.rows(wanted, today, offset=(page - 1) * PAGE, limit=PAGE)
        return {"units": None, "rows": rows, "page": page, "last": last, **urging(self.account, rows)}

    @expose("/export.<any(csv,xlsx):ending>")
    def export(self, ending: str) -> Response:
        """The rows asked for as a file."""
        today, wanted = clock.today(), wanted_by(self.account)
        return as_file(board.every(wanted, today), ending, today=today, size=board.size(wanted, today))

    @expose(f"/{ONE}/")
    def show(self, deadline_id: int) -> Answer:
        """One deadline: every day of it, what was done, what can be done."""
        return self._page(self._deadline(deadline_id))

    def _deadline(self, deadline_id: int) -> Deadline:
        deadline = queries.get(deadline_id)
        if deadline is None or not board.sees(board.seen_by(self.account), deadline):
            raise NotFound("没有这项时限，或者您不能看。")
        return deadline

    def _page(self, deadline: Deadline, **given: forms.StaffForm) -> Answer:
        calendar, today = workdays.calendar(), clock.today()
        page = self.render(
            "staff/deadline.html",
            deadline=deadline,
            record=record_of(deadline.subject_kind, deadline.subject_id),
            **words(today),
            today=today,
            events=queries.events(deadline),
            manages=may(self.account, Right.MANAGE_DEADLINES, organisation=deadline.owed_by),
            **urging(self.account, [deadline]),
            said=saying.of(deadline, calendar),
            forms_given={
                "extend": given.get("extend") or ExtendForm(formdata=None, prefix="extend"),
                "done": given.get("done") or DoneForm(formdata=None, prefix="done"),
                "waive": given.get("waive") or ReasonForm(formdata=None, prefix="waive"),
                "reopen": given.get("reopen") or ReasonForm(formdata=None, prefix="reopen"),
            },
        )
        return page, status()

    def _act(
        self, deadline_id: int, name: str, form: forms.StaffForm, verb: Callable[[Deadline], object]
    ) -> Answer:
        deadline = self._deadline(deadline_id)
        if form.validate() and carried_out(form, lambda: verb(deadline)):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", deadline_id=deadline_id, _anchor="main"))
        return self._page(self._deadline(deadline_id), **{name: form})

    @expose(f"/{ONE}/extend", methods=("POST",))
    @asks(Right.MANAGE_DEADLINES)
    def extend(self, deadline_id: int) -> Answer:
        """More days, or a later day."""
        form = ExtendForm(prefix="extend")

        def verb(deadline: Deadline) -> object:
            return service.extend(
                deadline,
                days=form.days.data or 0,
                until=form.until.data,
                reason=form.reason.data,
                granted_by=form.granted_by.data,
                by=self.account,
            )

        return self._act(deadline_id, "extend", form, verb)

    @expose(f"/{ONE}/done", methods=("POST",))
    @asks(Right.MANAGE_DEADLINES)
    def done(self, deadline_id: int) -> Answer:
        """It was done."""
        form = DoneForm(prefix="done")

        def verb(deadline: Deadline) -> object:
            on = form.on.data or clock.today()
            return service.settle(deadline, on=on, note=form.note.data, by=self.account)

        return self._act(deadline_id, "done", form, verb)

    @expose(f"/{ONE}/waive", methods=("POST",))
    @asks(Right.MANAGE_DEADLINES)
    def waive(self, deadline_id: int) -> Answer:
        """Nobody need do it any more."""
        form = ReasonForm(prefix="waive")
        return self._act(
            deadline_id,
            "waive",
            form,
            lambda deadline: service.waive(deadline, reason=form.reason.data, by=self.account),
        )

    @expose(f"/{ONE}/reopen", methods=("POST",))
    @asks(Right.MANAGE_DEADLINES)
    def reopen(self, deadline_id: int) -> Answer:
        """It is owed again."""
        form = ReasonForm(prefix="reopen")
        return self._act(
            deadline_id,
            "reopen",
            form,
            lambda deadline: service.reopen(deadline, reason=form.reason.data, by=self.account),
        )

    @expose(f"/{ONE}/urge", methods=("POST",))
    @asks(Right.MANAGE_DEADLINES)
    def urge(self, deadline_id: int) -> Answer:
        """Point out that the day has passed; back to where the button stood."""
        deadline = self._deadline(deadline_id)
        try:
            committed(lambda: urging_service.urge(deadline, by=self.account))
            said = gettext("已经催办，%(unit)s会收到通知。", unit=deadline.owed_by.name)
            flash(said, "success")
        except Conflict as refusal:
            flash(told(refusal), "error")
        back = own_address(request.form.get("back")) or self.get_url(".show", deadline_id=deadline_id)
        return redirect(back)


def wanted_by(account: Account) -> Wanted:
    """What the address asks for, of what the account sees; what cannot be is left out."""
    said = request.args.get("part", "")
    return Wanted(
        board.seen_by(account),
        part=Part(said) if said in list(Part) else None,
        owed_by=_number("unit"),
        kind=request.args.get("kind", "")[:32],
        place=_number("place"),
        list_id=_number("list"),
        week=_day("week"),
    )


def _grouped(wanted: Wanted) -> bool:
    """Whether the rows stand unit by unit: what is owed now, unless the address asks otherwise."""
    asked = request.args.get("rows", "")
    return asked != "all" and wanted.owed_by is None and wanted.part in (None, *LIVE_PARTS)


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004  digits of an id
    return number if 0 < number <= HIGHEST_ID else None


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None
