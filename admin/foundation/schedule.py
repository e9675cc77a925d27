"""The schedule: what is done by the clock, when last, when next, how late; and what a person must do about it."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import asks
from admin.base import Answer, StaffPage, committed
from admin.foundation.run_words import how_often
from portal.foundation.accounts.queries import names
from portal.foundation.rights.rules import Right
from portal.foundation.schedule import service
from portal.health.alarms import alarms, spell
from portal.health.figures import gather

TARDY = timedelta(minutes=15)
"""A turn that began so much later than it was due is shown as made up."""


class SchedulePage(StaffPage):
    """What is done by the clock."""

    key = "schedule"
    title = _("定时安排")
    section = "system"
    access = frozenset({Right.SEE_RUNS})

    @expose("/")
    def index(self) -> Answer:
        """Every entry with its last and its next turn; alarms first."""
        figures = gather()
        people = names(line.asked_by_id for line in figures.schedule)
        return self.render(
            "staff/schedule.html",
            figures=figures,
            alarms=alarms(figures),
            how_often=how_often,
            spell=spell,
            people=people,
            tardy=TARDY,
        )

    @expose("/<int:entry_id>/now", methods=("POST",))
    @asks(Right.SEE_RUNS)
    def now(self, entry_id: int) -> Answer:
        """Have an entry done now."""
        committed(lambda: service.ask(entry_id, by=self.account))
        flash(gettext("已经叫工作进程去做，过一会儿再看。"), "success")
        return redirect(self.get_url(".index"))
