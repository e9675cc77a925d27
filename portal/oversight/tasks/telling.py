"""What units and the reform office tell each other about a task: given, dated, taken away, reported as done (K-1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from secrets import token_hex
from typing import Any

from portal.foundation.deadlines.models import Deadline
from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.foundation.organisations.models import Organisation
from portal.i18n import mark
from portal.oversight.tasks.models import Milestone, ProgressReport, Task, TaskUnit
from portal.oversight.tasks.queries import ADDRESS
from portal.oversight.tasks.rules import UnitRole

NO_LEAD = mark("文件没有写")

_EXAMPLE: Mapping[str, Any] = {
    "code": "J4",
    "title": "开发建设“市县同权”事项运行管理平台",
    "basis": "济政字〔2021〕30号第4条",
    "unit": "市行政审批服务局",
    "leads": "市行政审批服务局",
    "text": "平台正式上线。",
    "due": date(2021, 7, 15),
    "reason": "职责调整",
}

LEADS = Text(
    NoticeKind.TASK,
    mark("请牵头：%(code)s %(title)s"),
    mark("%(unit)s：改革任务“%(title)s”由贵单位牵头。依据：%(basis)s。任务内容、期限、报进展，见链接。"),
    _EXAMPLE,
)
TAKES_PART = Text(
    NoticeKind.TASK,
    mark("请配合：%(code)s %(title)s"),
    mark(
        "%(unit)s：改革任务“%(title)s”由贵单位配合，牵头单位：%(leads)s。依据：%(basis)s。任务内容、期限、报进展，见链接。"
    ),
    _EXAMPLE,
)
TAKEN = Text(
    NoticeKind.TASK,
    mark("不再由贵单位承担：%(code)s %(title)s"),
    mark("%(unit)s：改革任务“%(title)s”不再由贵单位牵头或者配合。理由：“%(reason)s”。"),
    _EXAMPLE,
)
DATED = Text(
    NoticeKind.TASK,
    mark("有了期限：%(code)s %(title)s"),
    mark("%(unit)s：改革任务“%(title)s”有了期限，最晚%(due)s：“%(text)s”。依据：%(basis)s。"),
    _EXAMPLE,
)
FINISHED = Text(
    NoticeKind.TASK,
    mark("请核对：%(code)s %(title)s 报已完成"),
    mark("%(unit)s报%(code)s“%(title)s”已完成。核对无误后，请登记办结。"),
    _EXAMPLE,
)
texts.register(LEADS, TAKES_PART, TAKEN, DATED, FINISHED)


def given(task: Task, units: Iterable[TaskUnit]) -> None:
    """Tell units that a task is theirs now, and whether they lead it or take part."""
    leads = "、".join(body.name for body in task.leads) or NO_LEAD
    for each in units:
        text = LEADS if each.role is UnitRole.LEAD else TAKES_PART
        _tell(text, task, each.organisation, f"task-given:{task.id}:{_occasion()}", leads=leads)


def taken(task: Task, bodies: Iterable[Organisation], reason: str) -> None:
    """Tell units that a task is theirs no longer, and why."""
    for body in bodies:
        _tell(TAKEN, task, body, f"task-taken:{task.id}:{_occasion()}", address="", reason=reason)


def dated(milestone: Milestone, owed: Deadline) -> None:
    """Tell every lead of a new date; where the document names none, the office that answers has set it itself."""
    task = milestone.task
    for body in task.leads:
        key = f"task-dated:{milestone.id}"
        _tell(DATED, task, body, key, due=owed.due_on, text=milestone.text)


def finished(task: Task, report: ProgressReport) -> None:
    """Ask the office that watches over the task to look: its unit says that all is done."""
    unit = report.organisation.name if report.organisation else report.by.name
    _tell(FINISHED, task, task.office, f"task-report:{report.id}", unit=unit)


def _tell(
    said: Text, task: Task, body: Organisation, key: str, /, *, address: str | None = None, **values: Any
) -> None:
    known = {
        "code": task.code,
        "title": task.title,
        "basis": task.policy.number + (task.clause.label if task.clause else ""),
        "unit": body.name,
    }
    notify(
        body,
        key=key,
        title=said.title,
        body=said.body,
        values=known | values,
        address=f"{ADDRESS}/{task.id}/" if address is None else address,
        kind=said.kind,
    )


def _occasion() -> str:
    """A unit may be given a task, lose it and be given it again: each time is an occasion of its own."""
    return token_hex(8)
