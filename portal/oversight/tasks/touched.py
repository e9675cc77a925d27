"""Which reform tasks a change of a list touches: those of the document that the list rests on."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.i18n import mark
from portal.oversight.tasks.models import Task
from portal.oversight.tasks.queries import ADDRESS
from portal.powers.lists.adjusting.touching import LISTED, Consequence, Touched


def touched(change: Touched) -> Iterator[Consequence]:
    """The tasks, with the way to each."""
    tasks = db.session.scalars(
        select(Task).where(Task.policy_id == change.power_list.policy_id).order_by(Task.position, Task.id)
    ).all()
    if tasks:
        named = [(f"{each.code} {each.title}", 0, f"{ADDRESS}/{each.id}/") for each in tasks[:LISTED]]
        yield Consequence(mark("同一文件的改革任务"), len(tasks), named)
