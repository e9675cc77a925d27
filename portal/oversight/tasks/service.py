"""Verbs on tasks. A date is a deadline of the unit that answers for the task; what became of it is kept there alone.

`by` is the account that asks: MANAGE_TASKS for the ledger itself, REPORT_TASKS for reporting on a task of one's own
unit; None for the project's own data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app

from portal import clock
from portal.db import db
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.rules import Terms
from portal.foundation.files import service as files
from portal.foundation.notifications.service import notify
from portal.foundation.organisations import queries as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.policies.service import by_number
from portal.foundation.rights.rules import Right, may
from portal.i18n import mark
from portal.oversight.tasks import queries
from portal.oversight.tasks.models import Evidence, Milestone, ProgressReport, Task, TaskUnit
from portal.oversight.tasks.queries import SUBJECT
from portal.oversight.tasks.rules import WHOLE, Dating, UnitRole

TASK = register_kind(DeadlineKind("task", mark("改革任务"), shown=True))
ADDRESS = "/staff/tasks"
MOST_FILES = 10
LONGEST_TITLE = 255


@dataclass(frozen=True)
class Draft:
    """A task as it is entered: see models.Task. The units are those known by name, leads in the document's order."""

    code: str
    title: str
    dating: Dating
    begins_on: date
    office: Organisation
    clause: Clause | None = None
    text: str = ""
    responsible: str = ""
    leads: Sequence[Organisation] = ()
    partners: Sequence[Organisation] = ()


@dataclass(frozen=True)
class Handed:
    """A file that comes with a report: its bytes and what people call it."""

    content: bytes | BinaryIO
    name: str


@dataclass(frozen=True)
class Progress:
    """What is reported: for which day, how far in per cent, in words, with which files."""

    on: date
    percent: int
    text: str
    files: Sequence[Handed] = field(default=())


def add(policy: Policy, draft: Draft, *, by: Account | None) -> Task:
    """Enter a task of a document, not public yet.

    Forbidden without MANAGE_TASKS; Refused without code, title or words of the duty; Conflict when the document has
    a task of that code.
    """
    if by is not None:
        require(by, Right.MANAGE_TASKS)
    if not draft.code.strip() or not draft.title.strip():
        raise Refused("请填写任务的编号和名称。")
    if not draft.text.strip() and draft.clause is None:
        raise Refused("请选条款，或者照原文写任务内容。")
    if queries.by_code(policy.id, draft.code.strip()):
        raise Conflict("这份文件已经有编号“%(code)s”的任务了。", code=draft.code.strip())
    task = Task(
        policy=policy,
        clause=draft.clause,
        code=draft.code.strip(),
        title=draft.title.strip(),
        text=draft.text.strip(),
        responsible=draft.responsible.strip(),
        dating=draft.dating,
        begins_on=draft.begins_on,
        office=draft.office,
        position=queries.size(policy.id) + 1,
    )
    task.units = _units(draft.leads, draft.partners)
    db.session.add(task)
    db.session.flush()
    return task


def amend(task: Task, *, title: str, text: str, responsible: str, by: Account) -> Task:
    """Put right how the document was copied. Dates keep the title under which they were opened.

    Forbidden without MANAGE_TASKS; Refused without a title, or without words of the duty where no clause has them.
    """
    require(by, Right.MANAGE_TASKS)
    if not title.strip():
        raise Refused("请填写任务的编号和名称。")
    if not text.strip() and task.clause is None:
        raise Refused("请选条款，或者照原文写任务内容。")
    task.title, task.text, task.responsible = title.strip(), text.strip(), responsible.strip()
    db.session.flush()
    return task


def entrust(
    task: Task,
    *,
    leads: Sequence[Organisation],
    partners: Sequence[Organisation],
    reason: str,
    by: Account,
) -> Task:
    """Give a task to other units. Dates still owed pass to the one that answers for it now, with the reason.

    Forbidden without MANAGE_TASKS; Refused without a reason.
    """
    require(by, Right.MANAGE_TASKS)
    if not reason.strip():
        raise Refused("请写明理由。")
    task.units.clear()
    db.session.flush()
    task.units = _units(leads, partners)
    db.session.flush()
    for milestone in task.milestones:
        held = queries.deadline_of(milestone)
        if held is not None and held.state.running and held.owed_by_id != task.answers.id:
            _pass_on(milestone, held, reason, by)
    return task


def _pass_on(milestone: Milestone, held: Deadline, reason: str, by: Account) -> None:
    deadlines.cancel(held, reason=reason, by=by)
    opened = _open(milestone, held.due_on, by=by, history=held.history)
    if not opened.state.running:
        # The unit has owed it before: what was cancelled then is owed again.
        deadlines.reopen(opened, reason=reason, by=by)


def add_milestone(
    task: Task, *, text: str, on: date, by: Account | None, printed: str = "", history: bool | None = None
) -> Milestone:
    """A part of the task with its last day; the unit that answers for the task owes it.

    A day long past is history and alarms nobody (T-7). Forbidden without MANAGE_TASKS; Refused without words, for a
    day before the task began, and for a task whose document states no date.
    """
    if by is not None:
        require(by, Right.MANAGE_TASKS)
    if not text.strip():
        raise Refused("请写明到那一天要做成什么。")
    if on < task.begins_on:
        raise Refused("期限不能早于任务开始的那天。")
    if task.dating is not Dating.FIXED:
        raise Refused("这项任务没有写明日期；要给它定期限，请先改成“写明日期”。")
    milestone = Milestone(
        task=task, text=text.strip(), printed=printed.strip(), position=len(task.milestones) + 1
    )
    db.session.add(milestone)
    db.session.flush()
    _open(milestone, on, by=by, history=history)
    return milestone


def _open(milestone: Milestone, on: date, *, by: Account | None, history: bool | None = None) -> Deadline:
    task = milestone.task
    unit = task.answers
    return deadlines.open(
        TASK,
        subject=(SUBJECT, milestone.id),
        owed_by=unit,
        owed_to=task.office if task.office_id != unit.id else None,
        title=f"{task.code} {task.title}：{milestone.text}"[:LONGEST_TITLE],
        begin=task.begins_on,
        terms=Terms.fixed(on),
        clause=task.clause,
        basis=task.policy.number + (task.clause.label if task.clause else ""),
        history=history,
        by=by,
    )


def set_dating(task: Task, dating: Dating, *, by: Account) -> Task:
    """Say what is known of the date. Forbidden without MANAGE_TASKS; Conflict for a task that has dates."""
    require(by, Right.MANAGE_TASKS)
    if task.milestones and dating is not Dating.FIXED:
        raise Conflict("这项任务已经有写明日期的部分，不能改成没有日期。")
    task.dating = dating
    db.session.flush()
    return task


def reach(milestone: Milestone, *, on: date, note: str, by: Account) -> Deadline:
    """Sign a milestone off: what it says was done on that day, in time or not.

    Forbidden without MANAGE_TASKS; Refused for a day to come or before the task began; Conflict when nothing is owed,
    or it is history, which is opened again first.
    """
    require(by, Right.MANAGE_TASKS)
    deadline = _deadline(milestone)
    if on < milestone.task.begins_on:
        raise Refused("办结的日期不能早于任务开始的那天。")
    if deadline.history:
        raise Conflict("这是历史期限，要登记办结请先重新打开。")
    return deadlines.fulfil(deadline, on=on, by=by, note=note)


def reopen(milestone: Milestone, *, reason: str, by: Account) -> Deadline:
    """Owed again from today, with its old date: what was closed, or history (T-7)."""
    require(by, Right.MANAGE_TASKS)
    return deadlines.reopen(_deadline(milestone), reason=reason, by=by)


def drop(milestone: Milestone, *, reason: str, by: Account) -> Deadline:
    """The part has fallen away; it stays in the ledger as cancelled. Refused without a reason."""
    require(by, Right.MANAGE_TASKS)
    if not reason.strip():
        raise Refused("请写明理由。")
    return deadlines.cancel(_deadline(milestone), reason=reason, by=by)


def _deadline(milestone: Milestone) -> Deadline:
    found = queries.deadline_of(milestone)
    if found is None:
        raise NotFound("没有这项期限。")
    return found


def report(task: Task, progress: Progress, *, by: Account) -> ProgressReport:
    """What a unit says of its task; the office that watches over it is told when it says that all is done.

    Forbidden without REPORT_TASKS, and for another unit's task unless with MANAGE_TASKS; Refused for per cent beyond
    0 to 100, no words, a day to come or before the task began, too many, empty or too large files.
    """
    require(by, Right.REPORT_TASKS)
    if not may(by.role, Right.MANAGE_TASKS) and not queries.concerned(by, task):
        raise Forbidden("这不是贵单位的任务，您不能报进展。", "other_unit")
    _check(task, progress)
    said = ProgressReport(
        task_id=task.id,
        reported_on=progress.on,
        percent=progress.percent,
        text=progress.text.strip(),
        by_id=by.id,
        organisation_id=by.organisation_id,
    )
    said.evidence = [
        Evidence(file=_kept(each), position=number) for number, each in enumerate(progress.files, 1)
    ]
    db.session.add(said)
    db.session.flush()
    if progress.percent == WHOLE and by.organisation_id != task.office_id:
        _tell(task, said)
    return said


def _check(task: Task, progress: Progress) -> None:
    if not 0 <= progress.percent <= WHOLE:
        raise Refused("进度请写 0 到 100 之间的整数。")
    if not progress.text.strip():
        raise Refused("请写明做了什么。")
    if not task.begins_on <= progress.on <= clock.today():
        raise Refused("日期要在任务开始以后，也不能晚于今天。")
    if len(progress.files) > MOST_FILES:
        raise Refused("一次最多交 %(count)d 个文件。", count=MOST_FILES)


def _kept(handed: Handed) -> Any:
    file = files.store(handed.content, name=handed.name, limit=current_app.config["REMIT"].upload_limit)
    if file.size == 0:
        raise Refused("文件“%(name)s”是空的，请重新选择。", name=file.name)
    return file


def _tell(task: Task, said: ProgressReport) -> None:
    notify(
        task.office,
        key=f"task-report:{said.id}",
        title=mark("请核对：%(code)s %(title)s 报已完成"),
        body=mark("%(unit)s报%(code)s“%(title)s”已完成。核对无误后，请登记办结。"),
        values={
            "code": task.code,
            "title": task.title,
            "unit": said.organisation.name if said.organisation else said.by.name,
        },
        address=f"{ADDRESS}/{task.id}/",
    )


def publish(task: Task, *, by: Account) -> Task:
    """Let the public see the task with its dates, state and per cent; reports and files stay inside."""
    require(by, Right.MANAGE_TASKS)
    task.published = True
    db.session.flush()
    return task


def withdraw(task: Task, *, by: Account) -> Task:
    """The public does not see it any more."""
    require(by, Right.MANAGE_TASKS)
    task.published = False
    db.session.flush()
    return task


def load(folder: Path) -> int:
    """Bring the shipped tasks in; a second time changes nothing. Returns how many are new.

    They are public at once: they hold nothing but what a public document says. A document that the office entered
    itself, without these clauses, is left to the office.
    """
    new = 0
    for said in tomllib.loads((folder / "tasks.toml").read_text("utf-8"))["ledger"]:
        policy = by_number(said["policy"])
        if policy is None:
            raise LookupError(f"tasks.toml: no document {said['policy']}")
        clauses = {clause.ref: clause for clause in policy.clauses}
        for entry in said["task"]:
            clause = clauses.get(entry["clause"])
            if clause is not None and queries.by_code(policy.id, entry["code"]) is None:
                _bring(policy, clause, said["office"], entry)
                new += 1
    return new


def _bring(policy: Policy, clause: Clause, office: str, entry: dict[str, Any]) -> None:
    milestones = entry.get("milestone", ())
    draft = Draft(
        code=entry["code"],
        title=entry["title"],
        dating=Dating(entry["dating"]),
        begins_on=min((policy.issued_on or clock.today(), *(each["on"] for each in milestones))),
        office=_body(policy.place, office),
        clause=clause,
        responsible=entry["responsible"],
        leads=[_body(policy.place, name) for name in entry.get("leads", ())],
    )
    task = add(policy, draft, by=None)
    task.published = True
    for each in milestones:
        add_milestone(task, text=each["text"], printed=each["printed"], on=each["on"], by=None)
    db.session.flush()


def _body(place: Place, name: str) -> Organisation:
    body = organisations.named(place, name)
    if body is None:
        raise LookupError(f"tasks.toml: no body {name}")
    return body


def _units(leads: Sequence[Organisation], partners: Sequence[Organisation]) -> list[TaskUnit]:
    """Leads before partners, each body once."""
    ordered = [*((body, UnitRole.LEAD) for body in leads), *((body, UnitRole.PARTNER) for body in partners)]
    roles: dict[int, tuple[Organisation, UnitRole]] = {}
    for body, role in ordered:
        roles.setdefault(body.id, (body, role))
    return [
        TaskUnit(organisation=body, role=role, position=number)
        for number, (body, role) in enumerate(roles.values(), 1)
    ]


def _record(milestone_id: int) -> Record | None:
    milestone = db.session.get(Milestone, milestone_id)
    if milestone is None:
        return None
    task = milestone.task
    return Record(f"{task.code} {task.title}", f"{ADDRESS}/{task.id}/", task.published)


register_subject(SUBJECT, _record)
