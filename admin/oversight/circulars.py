"""Circulars: made of the ledger for a period, kept as they were made, published by a second person (K-1)."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, committed, status
from admin.oversight.task_forms import MonthlyForm, PeriodForm
from admin.proof import asked_anew
from portal import clock
from portal.downloads import download
from portal.errors import NotFound
from portal.foundation.files.service import path_of
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.oversight.circulars import monthly, papers, queries, rules, service
from portal.oversight.circulars.models import Circular, CircularPlan
from portal.oversight.tasks import queries as tasks

ONE = "<int:circular_id>"


class CircularsPage(StaffPage):
    """For those who keep the ledger; the public reads what is published."""

    key = "circulars"
    title = _("调度通报")
    section = "deadlines"
    access = frozenset({Right.MANAGE_TASKS})

    @expose("/", methods=("GET", "POST"))
    @asks(Right.MANAGE_TASKS, reading=True)
    def index(self) -> Answer:
        """The newest circulars, and making one."""
        form, made = PeriodForm(data=_offered()), []
        if form.validate_on_submit() and carried_out(form, lambda: made.append(self._make(form))):
            return redirect(self.get_url(".show", circular_id=made[0].id))
        return self._list(form, MonthlyForm(formdata=None, prefix="monthly"))

    def _list(self, form: forms.StaffForm, monthly_form: forms.StaffForm) -> Answer:
        page = self.render(
            "staff/circulars.html",
            form=form,
            monthly_form=monthly_form,
            manages=may(self.account, Right.MANAGE_TASKS),
            circulars=[each for each in queries.newest() if self._sees(each)],
            plans=[each for each in queries.plans() if self._sees(each)],
        )
        return page, status()

    @expose("/monthly", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def order(self) -> Answer:
        """Have one drafted every month."""
        form: Any = MonthlyForm(prefix="monthly")
        if form.validate() and carried_out(
            form, lambda: monthly.order(form.policy.data, day=form.day.data, by=self.account)
        ):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".index"))
        return self._list(PeriodForm(formdata=None, data=_offered()), form)

    @expose("/monthly/<int:policy_id>/stop", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def stop(self, policy_id: int) -> Answer:
        """No more drafts of this document."""
        committed(lambda: monthly.stop(policy_id, by=self.account))
        flash(gettext("已经停了，以后不再自动编。"), "success")
        return redirect(self.get_url(".index"))

    def _make(self, form: Any) -> Circular:
        return service.make(form.policy.data, begin=form.begin.data, end=form.end.data, by=self.account)

    def _circular(self, circular_id: int) -> Circular:
        found = queries.get(circular_id)
        if found is None or not self._sees(found):
            raise NotFound("没有这份通报。")
        return found

    def _sees(self, circular: Circular | CircularPlan) -> bool:
        account = self.account
        return may(account, Right.READ_ALL) or may(account, Right.MANAGE_TASKS, circular.policy.place)

    @expose(f"/{ONE}/")
    def show(self, circular_id: int) -> Answer:
        """One circular, as it was made."""
        return self._page(self._circular(circular_id), forms.StaffForm())

    def _page(self, circular: Circular, form: forms.StaffForm) -> Answer:
        page = self.render(
            "staff/circular.html",
            circular=circular,
            form=form,
            heading=papers.title(circular),
            period=papers.period(circular),
            chapters=papers.sections(circular),
            lines=rules.lines_of(circular.content),
            units=rules.units_of(circular.content),
            manages=may(self.account, Right.MANAGE_TASKS, circular.policy.place),
            stands=papers.stands,
            publishes=may(self.account, Right.APPROVE) and circular.made_by_id != self.account.id,
        )
        return page, status()

    @expose(f"/{ONE}/publish", methods=("POST",))
    @asks(Right.APPROVE)
    @asked_anew
    def publish(self, circular_id: int) -> Answer:
        """Let everybody read it."""
        form, circular = forms.StaffForm(), self._circular(circular_id)
        if form.validate() and carried_out(form, lambda: service.publish(circular, by=self.account)):
            flash(gettext("已经公布。"), "success")
            return redirect(self.get_url(".show", circular_id=circular_id))
        return self._page(self._circular(circular_id), form)

    @expose(f"/{ONE}/set-aside", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def set_aside(self, circular_id: int) -> Answer:
        """It is not wanted."""
        form, circular = forms.StaffForm(), self._circular(circular_id)
        if form.validate() and carried_out(form, lambda: service.set_aside(circular, by=self.account)):
            flash(gettext("已经搁置。"), "success")
            return redirect(self.get_url(".index"))
        return self._page(self._circular(circular_id), form)

    @expose(f"/{ONE}/file.<any(pdf,docx):ending>")
    def file(self, circular_id: int, ending: str) -> Response:
        """The circular as PDF or Word."""
        found = queries.file(self._circular(circular_id), ending)
        if found is None:
            raise NotFound("没有这个文件。")
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)


def _offered() -> dict[str, Any]:
    """What the form is filled in with: the newest document that sets tasks, and this month up to today."""
    today = clock.today()
    return {"policy": next(iter(tasks.policies()), None), "begin": today.replace(day=1), "end": today}
