"""The ledger of reform tasks: how far each is, what its units report, what the reform office decides (K-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin import forms
from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage, carried_out, status
from admin.bulk import BulkAct
from admin.foundation.owed import urging
from admin.oversight.ledger_sheet import as_file
from admin.oversight.task_forms import (
    DatingForm,
    LeadsForm,
    MilestoneForm,
    ReachForm,
    ReasonForm,
    ReportForm,
    TaskForm,
    UnitsForm,
    WordsForm,
)
from admin.proof import asked_anew
from admin.savedviews import bar, opening_address
from portal import clock
from portal.downloads import download
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.files.service import path_of
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.oversight.tasks import queries, service
from portal.oversight.tasks.milestones import service as milestones
from portal.oversight.tasks.models import Milestone, Task
from portal.oversight.tasks.queries import Entry
from portal.oversight.tasks.reporting import service as reporting
from portal.oversight.tasks.rules import TaskState

ONE = "<int:task_id>"
PART = f"{ONE}/milestones/<int:milestone_id>"
OF_TASK = {"units", "dating", "words"}
"""Forms that show what the task says now."""
FORMS: dict[str, type[forms.StaffForm]] = {
    "report": ReportForm,
    "milestone": MilestoneForm,
    "reach": ReachForm,
    "reason": ReasonForm,
    "units": UnitsForm,
    "dating": DatingForm,
    "words": WordsForm,
}

ACTS = (
    BulkAct("tasks-lead", LeadsForm, LeadsForm.said),
    BulkAct("tasks-dating", DatingForm, DatingForm.said),
)
"""What can be done to many of the ledger."""


class TasksPage(StaffPage):
    """The ledger and its tasks; units see what is public and what is theirs (R-3)."""

    key = "tasks"
    title = _("改革任务台账")
    section = "deadlines"
    access = frozenset({Right.MANAGE_TASKS, Right.REPORT_TASKS})
    remembers = ("policy", "state", "lead")

    @expose("/")
    def index(self) -> Answer:
        """One document's tasks, those of a state or a lead unit when asked for."""
        if (address := opening_address(self)) is not None:
            return redirect(address)
        policies = queries.policies_for(self.account)
        policy = _chosen(policies)
        seen, wanted, lead = _seen(self.account, policy), _state(), _number("lead")
        return self.render(
            "staff/tasks.html",
            policies=policies,
            policy=policy,
            bar=bar(self),
            counts=Counter(each.state for each in seen),
            states=TaskState,
            total=len(seen),
            wanted=wanted,
            lead=lead,
            leads=queries.leads_in(seen),
            entries=[each for each in seen if _fits(each, wanted, lead)],
            acts=ACTS if policy and may(self.account, Right.MANAGE_TASKS, policy.place) else (),
            manages=may(self.account, Right.MANAGE_TASKS),
        )

    @expose("/export.<any(csv,xlsx):ending>")
    def export(self, ending: str) -> Response:
        """The same lines as a file."""
        policy = _chosen(queries.policies_for(self.account))
        if policy is None:
            raise NotFound("这里没有任务。")
        return as_file(found(self.account), policy, ending, clock.today())

    @expose("/new", methods=("GET", "POST"))
    @asks(Right.MANAGE_TASKS)
    def create(self) -> Answer:
        """Enter a task of a document."""
        form, made = TaskForm(), []
        if form.validate_on_submit() and carried_out(form, lambda: made.append(self._add(form))):
            return redirect(self.get_url(".show", task_id=made[0].id))
        return self.render("staff/task_new.html", form=form), status()

    def _add(self, form: Any) -> Task:
        policy: Policy = form.policy.data
        draft = service.Draft(
            code=form.code.data,
            title=form.title.data,
            dating=form.dating.data,
            begins_on=form.begins_on.data or policy.issued_on or clock.today(),
            office=form.office.data,
            clause=_clause(policy, form.clause.data),
            text=form.text.data or "",
            responsible=form.responsible.data or "",
            leads=form.leads.bodies,
            partners=form.partners.bodies,
        )
        return service.add(policy, draft, by=self.account)

    @expose(f"/{ONE}/")
    def show(self, task_id: int) -> Answer:
        """One task: the duty, its dates, what was reported, and what the visitor can do about it."""
        return self._page(self._task(task_id))

    def _task(self, task_id: int) -> Task:
        task = queries.get(task_id)
        if task is None or not queries.visible(self.account, task):
            raise NotFound("没有这项任务，或者您不能看。")
        return task

    def _milestone(self, task: Task, milestone_id: int) -> Milestone:
        found = queries.milestone(task, milestone_id)
        if found is None:
            raise NotFound("没有这个节点。")
        return found

    def _page(self, task: Task, given: forms.StaffForm | None = None) -> Answer:
        (entry,) = queries.entries([task], clock.today())
        inside = queries.inside(self.account, task)
        manages = may(self.account, Right.MANAGE_TASKS, task.policy.place)
        page = self.render(
            "staff/task.html",
            task=task,
            entry=entry,
            reports=queries.reports(task) if inside else [],
            inside=inside,
            today=clock.today(),
            **urging(self.account, [step.deadline for step in entry.steps]),
            manages=manages,
            reports_on=manages or queries.reports_on(self.account, task),
            leads=manages or not self.account.unit_ids.isdisjoint(each.id for each in task.answering),
            given=given,
            form=lambda name, prefix="": _form(name, prefix or name, given, task),
        )
        return page, status()

    def _act(self, task_id: int, form: forms.StaffForm, verb: Callable[[Task], object]) -> Answer:
        task = self._task(task_id)
        if form.validate() and carried_out(form, lambda: verb(task)):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", task_id=task_id))
        return self._page(self._task(task_id), form)

    @expose(f"/{ONE}/report", methods=("POST",))
    @asks(Right.REPORT_TASKS)
    def report(self, task_id: int) -> Answer:
        """Say how far it is, with files."""
        form: Any = ReportForm(prefix="report")

        def verb(task: Task) -> object:
            handed = [reporting.Handed(each.stream, each.filename or "") for each in form.files.data or ()]
            on = form.on.data or clock.today()
            progress = reporting.Progress(on, form.percent.data, form.text.data, handed)
            return reporting.report(task, progress, by=self.account)

        return self._act(task_id, form, verb)

    @expose(f"/{ONE}/milestones", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def add_milestone(self, task_id: int) -> Answer:
        """Give it a part with a date."""
        form: Any = MilestoneForm(prefix="milestone")

        def verb(task: Task) -> object:
            return milestones.add_milestone(
                task, text=form.text.data, on=form.on.data, printed=form.printed.data, by=self.account
            )

        return self._act(task_id, form, verb)

    @expose(f"/{PART}/reach", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def reach(self, task_id: int, milestone_id: int) -> Answer:
        """A part was done."""
        form: Any = ReachForm(prefix=f"reach-{milestone_id}")

        def verb(task: Task) -> object:
            on = form.on.data or clock.today()
            part = self._milestone(task, milestone_id)
            return milestones.reach(part, on=on, note=form.note.data, by=self.account)

        return self._act(task_id, form, verb)

    @expose(f"/{PART}/<any(reopen,drop):how>", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def decide(self, task_id: int, milestone_id: int, how: str) -> Answer:
        """A part is owed again, or has fallen away."""
        form: Any = ReasonForm(prefix=f"{how}-{milestone_id}")
        verbs = {"reopen": milestones.reopen, "drop": milestones.drop}
        return self._act(
            task_id,
            form,
            lambda task: verbs[how](
                self._milestone(task, milestone_id), reason=form.reason.data, by=self.account
            ),
        )

    @expose(f"/{ONE}/units", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def entrust(self, task_id: int) -> Answer:
        """Give it to other units."""
        form: Any = UnitsForm(prefix="units")
        return self._act(
            task_id,
            form,
            lambda task: service.entrust(
                task,
                leads=form.leads.bodies,
                partners=form.partners.bodies,
                reason=form.reason.data,
                by=self.account,
            ),
        )

    @expose(f"/{ONE}/words", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def amend(self, task_id: int) -> Answer:
        """Put right how the document was copied."""
        form: Any = WordsForm(prefix="words")
        return self._act(
            task_id,
            form,
            lambda task: service.amend(
                task,
                title=form.title.data,
                text=form.text.data or "",
                responsible=form.responsible.data or "",
                by=self.account,
            ),
        )

    @expose(f"/{ONE}/dating", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    def set_dating(self, task_id: int) -> Answer:
        """Say what the document says of the date."""
        form: Any = DatingForm(prefix="dating")
        return self._act(
            task_id, form, lambda task: service.set_dating(task, form.dating.data, by=self.account)
        )

    @expose(f"/{ONE}/<any(publish,withdraw):how>", methods=("POST",))
    @asks(Right.MANAGE_TASKS)
    @asked_anew
    def turn(self, task_id: int, how: str) -> Answer:
        """Show it to the public, or no longer."""
        verb = service.publish if how == "publish" else service.withdraw
        return self._act(task_id, forms.StaffForm(), lambda task: verb(task, by=self.account))

    @expose(f"/{ONE}/files/<file_id>")
    def file(self, task_id: int, file_id: str) -> Response:
        """A file of a report, for those who may read the reports."""
        task = self._task(task_id)
        found = queries.evidence(task, file_id) if queries.inside(self.account, task) else None
        if found is None:
            raise NotFound("没有这个文件。")
        return download(path_of(found), name=found.name, media_type=found.media_type, sha256=found.sha256)


def _form(name: str, prefix: str, given: forms.StaffForm | None, task: Task) -> forms.StaffForm:
    """The form that was refused, as it was filled in; else an empty one, or the units as they are."""
    if given is not None and given._prefix == f"{prefix}-":  # noqa: SLF001  WTForms' name
        return given
    return FORMS[name](formdata=None, prefix=prefix, obj=task if name in OF_TASK else None)


def found(account: Account) -> list[Entry]:
    """The lines of the ledger that the address asks for, of what the account sees."""
    wanted, lead = _state(), _number("lead")
    seen = _seen(account, _chosen(queries.policies_for(account)))
    return [each for each in seen if _fits(each, wanted, lead)]


def _seen(account: Account, policy: Policy | None) -> list[Entry]:
    entries = queries.ledger(policy.id, clock.today()) if policy else []
    return [each for each in entries if queries.visible(account, each.task)]


def _fits(entry: Entry, wanted: str, lead: int | None) -> bool:
    return (not wanted or entry.state == wanted) and (
        lead is None or lead in {body.id for body in entry.task.leads}
    )


def _state() -> str:
    """The state that the address asks for; empty for all."""
    wanted = request.args.get("state", "")
    return wanted if wanted in list(TaskState) else ""


def _chosen(policies: Sequence[Policy]) -> Policy | None:
    """The document that the address asks for, else the newest."""
    wanted = _number("policy")
    return next((each for each in policies if each.id == wanted), next(iter(policies), None))


def _clause(policy: Policy, ref: str) -> Clause | None:
    if not ref:
        return None
    found = next((each for each in policy.clauses if each.ref == ref), None)
    if found is None:
        raise Refused("这份文件没有编号“%(ref)s”的条款。", ref=ref)
    return found


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0  # noqa: PLR2004  digits of an id
    return number if 0 < number <= HIGHEST_ID else None
