"""Tasks go on with whoever goes on with the unit; what was reported stays under the name that reported it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select

from portal.foundation.deadlines.models import RUNNING, Deadline
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, delete, plainly, twin
from portal.i18n import mark
from portal.oversight.tasks.models import Milestone, Task, TaskUnit
from portal.oversight.tasks.queries import SUBJECT
from portal.oversight.tasks.rules import UnitRole


def _unit(kind: Hanging, row: TaskUnit, successor: Subject, occasion: Occasion) -> bool:
    """A successor that takes part already leads it from now on, where what ended led it."""
    there = twin(row, kind.column, successor.id)
    if there is not None and row.role is UnitRole.LEAD:
        there.role = UnitRole.LEAD
        there.position = min(there.position, row.position)
    return plainly(kind, row, successor, occasion)


def _running() -> Select[int]:
    """Ids of the tasks of which something is still owed, or that no date was ever set for."""
    owed = select(Deadline.subject_id).where(RUNNING, Deadline.subject_kind == SUBJECT)
    return select(Milestone.task_id).where(Milestone.id.in_(owed))


def _dated() -> Select[int]:
    return select(Milestone.task_id)


def _office() -> Sequence[ColumnElement[bool]]:
    return (Task.id.in_(_running()) | Task.id.not_in(_dated()),)


def _units() -> Sequence[ColumnElement[bool]]:
    return (TaskUnit.task_id.in_(_running()) | TaskUnit.task_id.not_in(_dated()),)


def _name(row: TaskUnit) -> str:
    return row.task.title


MOVING = (
    Hanging(
        TaskUnit.organisation_id,
        mark("牵头或者配合的任务"),
        _name,
        _unit,
        delete,
        mark("不再承担"),
        where=_units,
        singly=True,
    ),
    Hanging(Task.office_id, mark("督办的任务"), lambda row: row.title, plainly, where=_office),
)
STAYING = {"progress_reports.organisation_id": mark("进展是谁报的，不会变")}
