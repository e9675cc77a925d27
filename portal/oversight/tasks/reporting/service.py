"""Reporting: how far a unit says its task is, with evidence.

`by` is the account that asks: REPORT_TASKS for a task of one's own unit, MANAGE_TASKS for any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from flask import current_app

from portal import clock
from portal.db import db
from portal.errors import Forbidden, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.files import service as files
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.oversight.tasks import queries, telling
from portal.oversight.tasks.models import Evidence, ProgressReport, Task
from portal.oversight.tasks.rules import WHOLE

MOST_FILES = 10


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


def report(task: Task, progress: Progress, *, by: Account) -> ProgressReport:
    """What a unit says of its task; the office that watches over it is told when it says that all is done.

    Forbidden without REPORT_TASKS, and for another unit's task unless with MANAGE_TASKS; Refused for per cent beyond
    0 to 100, no words, a day to come or before the task began, too many, empty or too large files.
    """
    require(by, Right.REPORT_TASKS)
    manages = may(by, Right.MANAGE_TASKS, task.policy.place)
    if not manages and not queries.reports_on(by, task):
        raise Forbidden("这不是贵单位的任务，您不能报进展。", "other_unit")
    _check(task, progress)
    unit = queries.unit_in(by, task)
    said = ProgressReport(
        task_id=task.id,
        reported_on=progress.on,
        percent=progress.percent,
        text=progress.text.strip(),
        by_id=by.id,
        organisation=unit,
    )
    said.evidence = [
        Evidence(file=_kept(each), position=number) for number, each in enumerate(progress.files, 1)
    ]
    db.session.add(said)
    db.session.flush()
    leads = {each.id for each in task.leads}
    if progress.percent == WHOLE and unit is not None and unit.id in leads - {task.office_id}:
        telling.finished(task, said)
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
