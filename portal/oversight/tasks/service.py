"""Verbs on tasks: entering one, putting it right, giving it to units, showing it. Its dates are in `milestones`.

`by` is the account that asks, with MANAGE_TASKS; None for the project's own data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.db import db
from portal.errors import Conflict, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.organisations.models import Organisation
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.rights.rules import Right
from portal.oversight.tasks import queries, telling
from portal.oversight.tasks.milestones.service import pass_on
from portal.oversight.tasks.models import Task, TaskUnit
from portal.oversight.tasks.rules import Dating, UnitRole

EARLIEST, FARTHEST = date(1949, 10, 1), timedelta(days=3660)
"""A task that begins outside of these was mistyped, and could not be put right later."""


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


def add(policy: Policy, draft: Draft, *, by: Account | None) -> Task:
    """Enter a task of a document, not public yet; what a person enters is told to its units.

    Forbidden without MANAGE_TASKS; Refused without code, title or words of the duty, or for a beginning that no
    document means; Conflict when the document has a task of that code.
    """
    if by is not None:
        require(by, Right.MANAGE_TASKS, policy.place_id)
    if not draft.code.strip() or not draft.title.strip():
        raise Refused("请填写任务的编号和名称。")
    if not draft.text.strip() and draft.clause is None:
        raise Refused("请选条款，或者照原文写任务内容。")
    if not EARLIEST <= draft.begins_on <= clock.today() + FARTHEST:
        raise Refused("开始的那天不对：不能早于1949年10月1日，也不能晚于十年以后。")
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
    if by is not None:
        telling.given(task, task.units)
    return task


def amend(task: Task, *, title: str, text: str, responsible: str, by: Account) -> Task:
    """Put right how the document was copied. Dates keep the title under which they were opened.

    Forbidden without MANAGE_TASKS; Refused without a title, or without words of the duty where no clause has them.
    """
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
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
    """Give a task to other units, and tell those for whom it changes.

    Dates still owed pass to the one that answers for it now, with the reason.

    Forbidden without MANAGE_TASKS; Refused without a reason.
    """
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
    if not reason.strip():
        raise Refused("请写明理由。")
    before = {each.organisation_id: each.role for each in task.units}
    gone = [each.organisation for each in task.units]
    task.units.clear()
    db.session.flush()
    task.units = _units(leads, partners)
    db.session.flush()
    pass_on(task, reason=reason, by=by)
    telling.given(task, [each for each in task.units if before.get(each.organisation_id) is not each.role])
    now = {each.organisation_id for each in task.units}
    telling.taken(task, [each for each in gone if each.id not in now], reason.strip())
    return task


def set_dating(task: Task, dating: Dating, *, by: Account) -> Task:
    """Say what is known of the date. Forbidden without MANAGE_TASKS; Conflict for a task that has dates."""
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
    if task.milestones and dating is not Dating.FIXED:
        raise Conflict("这项任务已经有写明日期的部分，不能改成没有日期。")
    task.dating = dating
    db.session.flush()
    return task


def publish(task: Task, *, by: Account) -> Task:
    """Let the public see the task with its dates, state and per cent; reports and files stay inside."""
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
    task.published = True
    db.session.flush()
    return task


def withdraw(task: Task, *, by: Account) -> Task:
    """The public does not see it any more."""
    require(by, Right.MANAGE_TASKS, task.policy.place_id)
    task.published = False
    db.session.flush()
    return task


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
