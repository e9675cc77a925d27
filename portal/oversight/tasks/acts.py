"""Acts on many tasks of the ledger: led by other units, or put right in what the document says of the date (K-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.imports.rows.naming import word_of
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.oversight.tasks import queries, rows, service
from portal.oversight.tasks.models import Task
from portal.oversight.tasks.rows import DATINGS

SHOWN = ("policy", "code", "title", "leads", "partners", "dating")
"""What is looked at of a task before an act: as a file says it."""
COLUMNS = {column.name: column for column in rows.COLUMNS}


def chosen(values: Mapping[str, str], by: Account) -> Task:
    """The task that was chosen in the ledger. NotFound when the person may not see it (R-3)."""
    task = queries.get(int(values["id"]))
    if task is None or not queries.visible(by, task):
        raise NotFound("这条记录已经没有了，或者不归您办。")
    return task


def text(task: Task) -> dict[str, str]:
    """Which task, who leads it and takes part, what is known of its date."""
    whole = rows.text(task)
    return {name: whole[name] for name in SHOWN}


def _led(task: Any, values: Mapping[str, str], by: Account) -> Task:
    """Those that take part stay, but one that leads now. Refused without a lead: that is done task by task."""
    found = [db.session.get(Organisation, int(number)) for number in values["units"].split()]
    leads = [body for body in found if body is not None]
    if not leads or len(leads) < len(found):
        raise Refused("请写牵头单位；要改成没有牵头单位，请到任务页上办。")
    return service.entrust(task, leads=leads, partners=task.partners, reason=values["reason"], by=by)


def _dated(task: Any, values: Mapping[str, str], by: Account) -> Task:
    return service.set_dating(task, word_of(values["dating"], DATINGS), by=by)


def _columns(*names: str) -> tuple[Column, ...]:
    return tuple(COLUMNS[name] for name in names)


LEADING = RowKind(
    name="tasks-lead",
    label=mark("换牵头单位"),
    right=Right.MANAGE_TASKS,
    columns=_columns("policy", "code", "title", "leads", "partners"),
    find=chosen,
    text=text,
    save=_led,
)
DATED = RowKind(
    name="tasks-dating",
    label=mark("改文件怎么写日期"),
    right=Right.MANAGE_TASKS,
    columns=_columns("policy", "code", "title", "dating"),
    find=chosen,
    text=text,
    save=_dated,
)
