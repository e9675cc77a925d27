"""Background work: its progress for whoever started it; all of it, and whether it is well, for the administrator."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import flash, make_response, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import EVERYBODY, asks
from admin.base import HIGHEST_ID, SIGNED_IN, Answer, StaffPage, committed
from admin.foundation.run_words import doing, outcome
from portal.errors import Conflict, NotFound
from portal.foundation.accounts.queries import names
from portal.foundation.rights.rules import Operator, Right
from portal.foundation.rights.service import may
from portal.foundation.runs import queries, service
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunAct, RunKind, RunState
from portal.health.alarms import alarms, spell
from portal.health.figures import gather
from portal.htmx import fragment, wants_fragment
from portal.queue import QUEUE

ID = "<int:run_id>"
PAGE = 50
MANY = 500
"""So many runs are acted on at once at most; the button can be pressed again."""

VERBS: dict[RunAct, Callable[..., Run]] = {RunAct.RETRY: service.retry, RunAct.DISCARD: service.discard}
"""What can be done to many runs at once."""

Word = TypeVar("Word", bound=StrEnum)


def _asked(words: type[Word], name: str, given: Any) -> Word | None:
    """The word that a parameter names; None without it or when it names none."""
    return next((word for word in words if word.value == given.get(name)), None)


def _number(text: str) -> int | None:
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004  int32
    return found if 0 < found <= HIGHEST_ID else None


class RunsPage(StaffPage):
    """What runs in the background."""

    key = "runs"
    title = _("后台作业")
    section = "system"
    access = SIGNED_IN

    def _sees_all(self) -> bool:
        return may(self.account, Right.SEE_RUNS)

    def _run(self, run_id: int) -> Run:
        run = queries.get(run_id)
        if run is None or not (self._sees_all() or run.started_by_id == self.account.id):
            raise NotFound("没有这项作业。")
        return run

    @expose("/")
    def index(self) -> Answer:
        """One's own runs, or everybody's for the administrator with what needs a person."""
        everything = self._sees_all()
        state, kind = _asked(RunState, "state", request.args), _asked(RunKind, "kind", request.args)
        found = queries.listed(
            state=state,
            kind=kind,
            started_by_id=None if everything else self.account.id,
            before=_number(request.args.get("before", "")),
            limit=PAGE + 1,
        )
        return self.render(
            "staff/runs.html",
            runs=found[:PAGE],
            older=found[PAGE - 1].id if len(found) > PAGE else None,
            state=state,
            kind=kind,
            state_words=RunState,
            kind_words=RunKind,
            outcome=outcome,
            **(self._all(found) if everything else {}),
        )

    def _all(self, found: Sequence[Run]) -> dict[str, Any]:
        people = names(run.started_by_id for run in found)
        figures = gather()
        return {
            "figures": figures,
            "alarms": alarms(figures),
            "people": people,
            "spell": spell,
            "doing": doing,
            "queue_name": QUEUE,
        }

    @expose(f"/{ID}/")
    def show(self, run_id: int) -> Any:
        """Progress of one run; asked by htmx, its fragment alone, and a reload of the page once it has ended."""
        run = self._run(run_id)
        if not wants_fragment():
            return fragment(make_response(self._page(run)))
        answer = fragment(make_response(self.render("staff/_run.html", run=run)))
        if run.state.ended:
            answer.headers["HX-Refresh"] = "true"
        return answer

    def _page(self, run: Run) -> str:
        records = queries.records(run.id)
        people = names([run.started_by_id, *(record.by_id for record in records)])
        return self.render("staff/run.html", run=run, records=records, people=people, outcome=outcome)

    @expose(f"/{ID}/again", methods=("POST",))
    @asks(*EVERYBODY)
    def again(self, run_id: int) -> Answer:
        """Do what ended without its result once more."""
        fresh = committed(lambda: service.retry(run_id, by=self.account))
        return redirect(self.get_url(".show", run_id=fresh.id))

    @expose(f"/{ID}/cancel", methods=("POST",))
    @asks(*EVERYBODY)
    def cancel(self, run_id: int) -> Answer:
        """Cancel it: at once while it waits, else at its next step."""
        run = committed(lambda: service.cancel(run_id, by=self.account))
        if run.state.ended:
            flash(gettext("已经取消。"), "success")
        return redirect(self.get_url(".show", run_id=run_id))

    @expose(f"/{ID}/discard", methods=("POST",))
    @asks(*EVERYBODY)
    def discard(self, run_id: int) -> Answer:
        """Give a failed one up."""
        committed(lambda: service.discard(run_id, by=self.account))
        return redirect(self.get_url(".show", run_id=run_id))

    @expose("/many", methods=("POST",))
    @asks(*EVERYBODY)
    def many(self) -> Answer:
        """Do again, or give up, those that are ticked, or all that failed of one kind."""
        act, kind = _asked(RunAct, "act", request.form), _asked(RunKind, "kind", request.form)
        if act not in VERBS:
            raise Conflict("请选择要做什么。")
        ticked = [number for text in request.form.getlist("run")[:MANY] if (number := _number(text))]
        wanted = queries.failed(kind, limit=MANY) if kind and self._sees_all() else ticked
        done = committed(lambda: _act_on(wanted, VERBS[act], self.account))
        if done:
            flash(gettext("处理了 %(count)s 项作业。", count=done), "success")
        if done < len(wanted) or not wanted:
            flash(gettext("没有可以处理的，或者有几项已经变了，没有动。"), "error")
        return redirect(self.get_url(".index"))


def _act_on(ids: Sequence[int], verb: Callable[..., Run], by: Operator) -> int:
    """Do it to every run that it can be done to; gives how many."""
    done = 0
    for run_id in ids:
        try:
            verb(run_id, by=by)
        except (Conflict, NotFound):
            continue  # somebody else was faster, or it is of a kind that has to be carried out
        done += 1
    return done
