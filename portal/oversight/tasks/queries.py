"""Reading the ledger: tasks with the deadlines of their milestones and their newest report, in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.rules import Standing, State, standing
from portal.foundation.files.models import StoredFile
from portal.foundation.organisations.models import Organisation
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.workdays import queries as workdays
from portal.foundation.workdays.rules import Calendar
from portal.oversight.tasks import rules
from portal.oversight.tasks.models import Evidence, Milestone, ProgressReport, Task, TaskUnit
from portal.oversight.tasks.rules import Span, TaskState, UnitRole

SUBJECT = "milestone"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/tasks"
"""Where the staff door keeps its pages of tasks: notices lead there."""


@dataclass(frozen=True)
class Step:
    """A milestone with its deadline, what that is today, and by how many working days it is or was late."""

    milestone: Milestone
    deadline: Deadline
    standing: Standing
    late: int = 0

    @property
    def span(self) -> Span:
        """Its last day and the day on which it was reached."""
        return Span(self.deadline.due_on, self.deadline.done_on)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger, as it stands on a day."""

    task: Task
    steps: Sequence[Step]
    report: ProgressReport | None
    state: TaskState

    @property
    def percent(self) -> int | None:
        """How far it is by its newest report; None before the first."""
        return self.report.percent if self.report else None

    @property
    def late(self) -> int:
        """By how many working days its worst milestone is or was late."""
        return max((step.late for step in self.steps), default=0)

    @property
    def due_on(self) -> date | None:
        """The next date that is still owed, else the last one; None where there is none."""
        owed = [step.deadline.due_on for step in self.steps if step.deadline.state.running]
        every = [step.deadline.due_on for step in self.steps]
        return min(owed) if owed else max(every, default=None)

    @property
    def done_on(self) -> date | None:
        """The day on which the last of it was done; None while something is open."""
        if self.state not in (TaskState.DONE, TaskState.DONE_LATE):
            return None
        if not self.steps:
            return self.report.reported_on if self.report else None
        return max((step.deadline.done_on for step in self.steps if step.deadline.done_on), default=None)


def ledger(policy_id: int, today: date, *, public: bool = False) -> list[Entry]:
    """Every task of a document in its order, or those that are published."""
    wanted = _tasks().where(Task.policy_id == policy_id)
    if public:
        wanted = wanted.where(Task.published)
    return entries(db.session.scalars(wanted).all(), today)


def entries(tasks: Sequence[Task], today: date) -> list[Entry]:
    """These tasks as lines of the ledger; four statements for all of them."""
    calendar = workdays.calendar()
    steps = _steps([each.id for task in tasks for each in task.milestones], calendar, today)
    newest = newest_reports([task.id for task in tasks])
    return [
        _entry(task, [steps[each.id] for each in task.milestones if each.id in steps], newest.get(task.id))
        for task in tasks
    ]


def _entry(task: Task, steps: Sequence[Step], report: ProgressReport | None) -> Entry:
    said = rules.state([step.standing for step in steps], report.percent if report else None)
    return Entry(task, steps, report, said)


def _steps(milestone_ids: Sequence[int], calendar: Calendar, today: date) -> dict[int, Step]:
    held = _held(deadlines.of_many(SUBJECT, milestone_ids))
    milestones = db.session.scalars(select(Milestone).where(Milestone.id.in_(list(held))))
    return {each.id: _step(each, held[each.id], calendar, today) for each in milestones}


def _step(milestone: Milestone, deadline: Deadline, calendar: Calendar, today: date) -> Step:
    said = standing(
        deadline.state, deadline.due_on, today, done_on=deadline.done_on, history=deadline.history
    )
    span = Span(deadline.due_on, deadline.done_on)
    return Step(milestone, deadline, said, rules.days_late(calendar, span, today) if said.late else 0)


def newest_reports(task_ids: Sequence[int], by: date | None = None) -> dict[int, ProgressReport]:
    """The newest report of each task, of those made by a day; tasks without one are left out.

    A unit that only takes part tells of its own share: how far the whole is, is said by who leads or watches over it.
    """
    rank = func.row_number().over(
        partition_by=ProgressReport.task_id,
        order_by=(ProgressReport.reported_on.desc(), ProgressReport.id.desc()),
    )
    share = exists().where(
        TaskUnit.task_id == ProgressReport.task_id,
        TaskUnit.organisation_id == ProgressReport.organisation_id,
        TaskUnit.role == UnitRole.PARTNER,
        Task.id == TaskUnit.task_id,
        Task.office_id != TaskUnit.organisation_id,
    )
    ranked = select(ProgressReport.id, rank.label("rank")).where(
        ProgressReport.task_id.in_(list(task_ids)), ~share
    )
    if by is not None:
        ranked = ranked.where(ProgressReport.reported_on <= by)
    found = ranked.subquery()
    first = select(ProgressReport).join(found, found.c.id == ProgressReport.id).where(found.c.rank == 1)
    return {each.task_id: each for each in db.session.scalars(first)}


def get(task_id: int) -> Task | None:
    """The task with this id."""
    return db.session.get(Task, task_id)


def milestone(task: Task, milestone_id: int) -> Milestone | None:
    """A milestone of the task."""
    return next((each for each in task.milestones if each.id == milestone_id), None)


def milestones(ids: Collection[int]) -> Sequence[Milestone]:
    """These milestones with their tasks and the tasks' units; three statements for all of them."""
    units = selectinload(Task.units).joinedload(TaskUnit.organisation)
    return db.session.scalars(
        select(Milestone)
        .where(Milestone.id.in_(list(ids)))
        .options(joinedload(Milestone.task).options(units))
    ).all()


def deadline_of(milestone: Milestone) -> Deadline | None:
    """The deadline that holds the milestone's date; None before one is opened."""
    return _held(deadlines.of(SUBJECT, milestone.id)).get(milestone.id)


def _held(found: Iterable[Deadline]) -> dict[int, Deadline]:
    """The one deadline of each milestone that holds: a task passed on leaves cancelled ones behind."""
    ordered = sorted(found, key=lambda each: (each.state is not State.CANCELLED, each.id))
    return {each.subject_id: each for each in ordered}


def reports(task: Task) -> Sequence[ProgressReport]:
    """What was reported of a task, the newest first, with who reported and the files."""
    return db.session.scalars(
        select(ProgressReport)
        .where(ProgressReport.task_id == task.id)
        .options(
            joinedload(ProgressReport.by),
            joinedload(ProgressReport.organisation),
            selectinload(ProgressReport.evidence).joinedload(Evidence.file),
        )
        .order_by(ProgressReport.reported_on.desc(), ProgressReport.id.desc())
    ).all()


def evidence(task: Task, file_id: str) -> StoredFile | None:
    """A file of one of the task's reports."""
    return db.session.scalar(
        select(StoredFile)
        .join(Evidence, Evidence.file_id == StoredFile.id)
        .join(ProgressReport, ProgressReport.id == Evidence.report_id)
        .where(ProgressReport.task_id == task.id, StoredFile.id == file_id)
    )


def policies(*, public: bool = False) -> Sequence[Policy]:
    """The documents that have tasks, or published ones, the newest first."""
    own = select(Task.policy_id)
    own = own.where(Task.published) if public else own
    return db.session.scalars(
        select(Policy).where(Policy.id.in_(own)).order_by(Policy.issued_on.desc(), Policy.id.desc())
    ).all()


def policies_for(account: Account) -> Sequence[Policy]:
    """The documents of whose tasks the account may see some, the newest first (see `visible`)."""
    if may(account, Right.READ_ALL):
        return policies()
    own = exists().where(TaskUnit.task_id == Task.id, TaskUnit.organisation_id.in_(account.unit_ids))
    seen = select(Task.policy_id).where(or_(Task.published, Task.office_id.in_(account.unit_ids), own))
    known = set(db.session.scalars(seen.distinct()))
    return [each for each in policies() if each.id in known or may(account, Right.MANAGE_TASKS, each.place)]


def by_code(policy_id: int, code: str) -> Task | None:
    """A document's task by its code."""
    return db.session.scalar(select(Task).where(Task.policy_id == policy_id, Task.code == code))


def size(policy_id: int) -> int:
    """How many tasks a document has."""
    return db.session.scalar(select(func.count(Task.id)).where(Task.policy_id == policy_id)) or 0


def concerned(account: Account, task: Task) -> bool:
    """Whether the account's unit leads the task, takes part in it or watches over it."""
    return not account.unit_ids.isdisjoint(each.id for each in task.concerned)


def unit_in(account: Account, task: Task) -> Organisation | None:
    """In which unit's name the account speaks of the task: one that it concerns, else its first; None without any."""
    own = {each.id for each in task.concerned}
    units = [post.organisation for post in account.held if post.organisation is not None]
    return next((unit for unit in units if unit.id in own), account.unit)


def visible(account: Account, task: Task) -> bool:
    """Whether the account may see the task: those it manages, what is public, its own units' (R-3)."""
    return task.published or inside(account, task)


def inside(account: Account, task: Task) -> bool:
    """Whether the account may read what was reported of the task, with its files: never because it is public."""
    return (
        may(account, Right.MANAGE_TASKS, task.policy.place)
        or may(account, Right.READ_ALL)
        or concerned(account, task)
    )


def reports_on(account: Account, task: Task) -> bool:
    """Whether the account speaks for one of the task's units."""
    return any(may(account, Right.REPORT_TASKS, organisation=each) for each in task.concerned)


def leads_in(entries: Sequence[Entry]) -> list[Organisation]:
    """The units that lead some of these tasks, each once, in the order of the tasks."""
    return list({body.id: body for entry in entries for body in entry.task.leads}.values())


def _tasks() -> Select[Any]:
    return (
        select(Task)
        .options(
            joinedload(Task.clause),
            joinedload(Task.office),
            joinedload(Task.policy),
            selectinload(Task.units).joinedload(TaskUnit.organisation),
            selectinload(Task.milestones),
        )
        .order_by(Task.position, Task.id)
    )
