"""Tasks as the public page shows them: words for states and dates, addresses of clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from portal.foundation.deadlines.rules import Standing
from portal.foundation.policies.models import Clause
from portal.i18n import gettext as _
from portal.i18n import mark, ngettext
from portal.oversight.tasks.queries import Entry, Step
from portal.oversight.tasks.rules import Dating, TaskState
from portal.site.clauses import clause_label

STATES: Mapping[TaskState, str] = {
    TaskState.LATE: mark("逾期"),
    TaskState.UNDER_WAY: mark("进行中"),
    TaskState.SILENT: mark("没有进展记录"),
    TaskState.DONE_LATE: mark("逾期办结"),
    TaskState.DONE: mark("已办结"),
    TaskState.HISTORY: mark("历史"),
    TaskState.ENDED: mark("已终止"),
}
DATINGS: Mapping[Dating, str] = {
    Dating.FIXED: mark("日期还没有录入"),
    Dating.UNSTATED: mark("文件没有写日期"),
    Dating.STANDING: mark("长期任务"),
}


@dataclass(frozen=True)
class Mark:
    """A milestone: its last day, how the document says it, what is to be done by then, when it was."""

    due_on: date
    printed: str
    text: str
    done_on: date | None
    standing: Standing
    counted: str
    """Where it is told how the last day was counted."""


@dataclass(frozen=True)
class Line:
    """One task of the page. `about` is the state in words with what belongs to it."""

    code: str
    title: str
    clause: str
    href: str
    leads: Sequence[str]
    responsible: str
    dating: str
    begins_on: date
    marks: Sequence[Mark]
    percent: int | None
    state: TaskState
    about: str


def lines(entries: Sequence[Entry]) -> list[Line]:
    """The lines of a document's published tasks, in its order."""
    return [_line(entry) for entry in entries]


def _line(entry: Entry) -> Line:
    task, clause = entry.task, entry.task.clause
    return Line(
        code=task.code,
        title=task.title,
        clause=clause_label(clause) if clause else "",
        href=_address(clause) if clause else "",
        leads=[body.name for body in task.leads],
        responsible=task.responsible,
        dating=_(DATINGS[task.dating]),
        begins_on=task.begins_on,
        marks=[_mark(step) for step in entry.steps],
        percent=entry.percent,
        state=entry.state,
        about=about(entry),
    )


def _mark(step: Step) -> Mark:
    said = step.milestone
    owed = step.deadline
    counted = url_for("site.deadline", deadline_id=owed.id)
    return Mark(owed.due_on, said.printed, said.text, owed.done_on, step.standing, counted)


def _address(clause: Clause) -> str:
    return url_for("site.policy", policy_id=clause.policy_id, _anchor=f"clause-{clause.ref}")


def about(entry: Entry) -> str:
    """The state in words; of what is or was late also by how many working days."""
    said = _(STATES[entry.state])
    if not entry.late:
        return said
    days = ngettext("%(num)s 个工作日", "%(num)s 个工作日", entry.late)
    return _("%(state)s（%(days)s）", state=said, days=days)


def counted(found: Sequence[Line]) -> list[tuple[TaskState, str, int]]:
    """How many tasks are in which state, those with most to say first."""
    counts = Counter(line.state for line in found)
    return [(state, _(said), counts[state]) for state, said in STATES.items() if counts[state]]
