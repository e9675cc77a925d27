"""Milestones as rows of a table (K-1): parts with their last days are entered, and signed off when they are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import places_of
from portal.foundation.imports.rows.naming import day_of, fitting
from portal.foundation.imports.rows.registry import RowKind
from portal.foundation.imports.rows.rules import Column, broken
from portal.foundation.policies.models import Policy
from portal.foundation.rights.rules import Right
from portal.i18n import mark
from portal.oversight.tasks import queries
from portal.oversight.tasks.milestones import service
from portal.oversight.tasks.models import Milestone, Task
from portal.oversight.tasks.rows import CODE, POLICY, policy_of

COLUMNS = (
    POLICY,
    CODE,
    Column("text", (mark("节点"), mark("要做成什么"), "Milestone"), needed=True),
    Column("printed", (mark("原文的期限"), "原文怎么写的", "As printed")),
    Column("due_on", (mark("到期日"), "最后一天", "Due on"), needed=True),
    Column("done_on", (mark("办结日"), "Done on")),
    Column("note", (mark("说明"), "Note")),
)
LONGEST = {"text": 5000, "printed": 64, "note": 1000}


def find(values: Mapping[str, str], by: Account) -> Milestone | None:
    """The part of that task in these words."""
    task = _task(values, by)
    found = [each for each in task.milestones if broken(each.text) == values["text"]]
    if len(found) > 1:
        raise Refused("这项任务有两个写成“%(text)s”的节点，请到任务页上办。", text=values["text"][:20])
    return found[0] if found else None


def _task(values: Mapping[str, str], by: Account) -> Task:
    task = queries.by_code(policy_of(values, by).id, values["code"])
    if task is None:
        raise Refused("这份文件没有编号“%(code)s”的任务。", code=values["code"][:32])
    return task


def text(milestone: Milestone) -> dict[str, str]:
    """The part as a row says it. A note goes with the day on which it was done, and none stands."""
    held = queries.deadline_of(milestone)
    return {
        "policy": milestone.task.policy.number,
        "code": milestone.task.code,
        "text": milestone.text,
        "printed": milestone.printed,
        "due_on": held.due_on.isoformat() if held else "",
        "done_on": held.done_on.isoformat() if held and held.done_on else "",
        "note": "",
    }


def save(milestone: Milestone | None, values: Mapping[str, str], by: Account) -> Milestone:
    """Enter the part with its last day, or sign it off. Refused as the verbs are, and for another day than it has."""
    for field, most in LONGEST.items():
        fitting(values.get(field, ""), most)
    done_on = day_of(values.get("done_on", ""))
    if milestone is None:
        milestone = service.add_milestone(
            _task(values, by),
            text=values["text"],
            on=_needed(values["due_on"]),
            printed=values.get("printed", ""),
            by=by,
        )
        stood = None
    else:
        stood = day_of(_as_dated(milestone, values)["done_on"])
    if done_on is not None and done_on != stood:
        service.reach(milestone, on=done_on, note=values.get("note", ""), by=by)
    return milestone


def _needed(said: str) -> date:
    day = day_of(said)
    if day is None:
        raise Refused("请写到期日。")
    return day


def _as_dated(milestone: Milestone, values: Mapping[str, str]) -> dict[str, str]:
    """What stands; Refused for another day or wording of it: a deadline is changed with its reason, on its page."""
    stands = text(milestone)
    day = day_of(values["due_on"])
    other_day = day is not None and day != day_of(stands["due_on"])
    if other_day or values.get("printed", "") not in ("", stands["printed"]):
        raise Refused("节点的期限登记以后不能用表格改，请到“时限”里办。")
    return stands


def every(by: Account) -> Sequence[Milestone]:
    """The parts of the tasks that the person manages, task by task."""
    own = places_of(by, Right.MANAGE_TASKS)
    wanted = (
        select(Milestone)
        .join(Milestone.task)
        .join(Task.policy)
        .options(contains_eager(Milestone.task).contains_eager(Task.policy))
    )
    if own is not None:
        wanted = wanted.where(Policy.place_id.in_(own))
    order = (Task.policy_id, Task.position, Task.id, Milestone.position, Milestone.id)
    return db.session.scalars(wanted.order_by(*order)).all()


MILESTONES = RowKind(
    name="milestones",
    label=mark("任务节点"),
    right=Right.MANAGE_TASKS,
    columns=COLUMNS,
    find=find,
    text=text,
    save=save,
    every=every,
)
