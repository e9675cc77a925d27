"""Verbs on milestones: a part of a task with its last day, which is a deadline of the unit that answers for the task.

`by` is the account that asks, with MANAGE_TASKS; None for the project's own data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from portal.db import db
from portal.errors import Conflict, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.registry import (
    DeadlineKind,
    Record,
    register_kind,
    register_sharers,
    register_subject,
)
from portal.foundation.deadlines.rules import Terms
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.oversight.tasks import queries, telling
from portal.oversight.tasks.models import Milestone, Task
from portal.oversight.tasks.queries import ADDRESS, SUBJECT
from portal.oversight.tasks.rules import Dating

TASK = register_kind(DeadlineKind("task", mark("改革任务"), shown=True))
LONGEST_TITLE = 255


def add_milestone(
    task: Task, *, text: str, on: date, by: Account | None, printed: str = "", history: bool | None = None
) -> Milestone:
    """A part of the task with its last day; the unit that answers for the task owes it.

    A day long past is history and alarms nobody (T-7). Forbidden without MANAGE_TASKS; Refused without words, for a
    day before the task began, and for a task whose document states no date.
    """
    if by is not None:
        require(by, Right.MANAGE_TASKS, task.policy.place_id)
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
    opened = _open(milestone, on, by=by, history=history)
    if by is not None and not opened.history:
        telling.dated(milestone, opened)
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


def reach(milestone: Milestone, *, on: date, note: str, by: Account) -> Deadline:
    """Sign a milestone off: what it says was done on that day, in time or not.

    Forbidden without MANAGE_TASKS; Refused for a day to come or before the task began; Conflict when nothing is owed,
    or it is history, which is opened again first.
    """
    require(by, Right.MANAGE_TASKS, milestone.task.policy.place_id)
    deadline = _deadline(milestone)
    if on < milestone.task.begins_on:
        raise Refused("办结的日期不能早于任务开始的那天。")
    if deadline.history:
        raise Conflict("这是历史期限，要登记办结请先重新打开。")
    return deadlines.fulfil(deadline, on=on, by=by, note=note)


def reopen(milestone: Milestone, *, reason: str, by: Account) -> Deadline:
    """Owed again from today, with its old date, by the unit that answers now: what was closed, or history (T-7)."""
    require(by, Right.MANAGE_TASKS, milestone.task.policy.place_id)
    held = deadlines.reopen(_deadline(milestone), reason=reason, by=by)
    return held if held.owed_by_id == milestone.task.answers.id else _pass_on(milestone, held, reason, by)


def drop(milestone: Milestone, *, reason: str, by: Account) -> Deadline:
    """The part has fallen away; it stays in the ledger as cancelled. Refused without a reason."""
    require(by, Right.MANAGE_TASKS, milestone.task.policy.place_id)
    if not reason.strip():
        raise Refused("请写明理由。")
    return deadlines.cancel(_deadline(milestone), reason=reason, by=by)


def pass_on(task: Task, *, reason: str, by: Account) -> None:
    """Let the unit that answers for the task now owe what is still owed. History stays with whose it was (T-7)."""
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
    for milestone in task.milestones:
        held = queries.deadline_of(milestone)
        live = held is not None and held.state.running and not held.history
        if held is not None and live and held.owed_by_id != task.answers.id:
            _pass_on(milestone, held, reason, by)


def _pass_on(milestone: Milestone, held: Deadline, reason: str, by: Account) -> Deadline:
    deadlines.cancel(held, reason=reason, by=by)
    opened = _open(milestone, held.due_on, by=by, history=False)
    if not opened.state.running:
        # The unit has owed it before: what was cancelled then is owed again, by the day that holds now.
        deadlines.reopen(opened, reason=reason, by=by)
        if held.due_on > opened.due_on:
            deadlines.extend(opened, until=held.due_on, reason=reason, granted_by=by.name, by=by)
    return opened


def _deadline(milestone: Milestone) -> Deadline:
    found = queries.deadline_of(milestone)
    if found is None:
        raise NotFound("没有这项期限。")
    return found


def _record(milestone_id: int) -> Record | None:
    milestone = db.session.get(Milestone, milestone_id)
    if milestone is None:
        return None
    task = milestone.task
    return Record(f"{task.code} {task.title}", f"{ADDRESS}/{task.id}/", task.published)


def _sharers(milestone_ids: Collection[int]) -> Mapping[int, Sequence[Organisation]]:
    """All leads of each milestone's task: the one named first owes the day, the others are reminded with it."""
    return {each.id: each.task.leads for each in queries.milestones(milestone_ids)}


register_subject(SUBJECT, _record)
register_sharers(SUBJECT, _sharers)
