"""Background work: its progress, for whoever started it and for the administrator."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect
from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.base import SIGNED_IN, Answer, StaffPage, committed
from portal.errors import NotFound
from portal.foundation.rights.rules import Right, may
from portal.foundation.runs import queries, service
from portal.foundation.runs.models import Run
from portal.htmx import fragment, wants_fragment

ID = "<int:run_id>"


class RunsPage(StaffPage):
    """What runs in the background."""

    key = "runs"
    title = _("后台作业")
    section = "system"
    access = SIGNED_IN

    def _sees_all(self) -> bool:
        return may(self.account.role, Right.SEE_RUNS)

    def _run(self, run_id: int) -> Run:
        run = queries.get(run_id)
        if run is None or not (self._sees_all() or run.started_by_id == self.account.id):
            raise NotFound("没有这项作业。")
        return run

    @expose("/")
    def index(self) -> Answer:
        """One's own runs, or everybody's for the administrator."""
        found = queries.newest() if self._sees_all() else queries.started_by(self.account.id)
        return self.render("staff/runs.html", runs=found, all=self._sees_all())

    @expose(f"/{ID}/")
    def show(self, run_id: int) -> Any:
        """Progress of one run; asked by htmx, its fragment alone, and a reload of the page once it has ended."""
        run = self._run(run_id)
        if not wants_fragment():
            return fragment(make_response(self.render("staff/run.html", run=run)))
        answer = fragment(make_response(self.render("staff/_run.html", run=run)))
        if run.state.ended:
            answer.headers["HX-Refresh"] = "true"
        return answer

    @expose(f"/{ID}/again", methods=("POST",))
    def again(self, run_id: int) -> Answer:
        """Do what failed once more."""
        fresh = committed(lambda: service.retry(run_id, by=self.account))
        return redirect(self.get_url(".show", run_id=fresh.id))
