"""Acts on many tasks of the ledger: led by other units, dated otherwise; looked at, then done (admin.bulk)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _

from admin.bulk import ActsApartPage, ticked
from admin.oversight.tasks import ACTS, TasksPage, found
from portal.foundation.rights.rules import Right


class TaskActsPage(ActsApartPage):
    """The act that the ledger asks for, and its tables."""

    key = "task-acts"
    title = _("改革任务台账")
    section = "deadlines"
    access = frozenset({Right.MANAGE_TASKS})
    change = Right.MANAGE_TASKS
    acts = ACTS
    list_key = TasksPage.key
    asked_of_list = TasksPage.remembers

    def chosen(self) -> Sequence[int]:
        """Those of the ledger that are ticked, or all that it finds."""
        ids = [each.task.id for each in found(self.account)]
        return (
            ids if request.args.get("all") == "1" else sorted(set(ids).intersection(ticked()), key=ids.index)
        )
