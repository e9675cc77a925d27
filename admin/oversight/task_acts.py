"""Acts on many tasks of the ledger: led by other units, dated otherwise; looked at, then done (admin.bulk)."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin.asking import asks_to_change
from admin.base import Answer
from admin.bulk import ActsPage, ticked
from admin.oversight.tasks import ACTS, TasksPage, found
from portal.foundation.rights.rules import Right


class TaskActsPage(ActsPage):
    """The act that the ledger asks for, and its tables."""

    key = "task-acts"
    title = _("改革任务台账")
    section = "deadlines"
    listed = False
    access = frozenset({Right.MANAGE_TASKS})
    change = Right.MANAGE_TASKS
    acts = ACTS

    @expose("/", methods=("GET", "POST"))
    @asks_to_change
    def index(self) -> Answer:
        """What an act asks for all."""
        return self.asked_for_many()

    def home(self) -> str:
        """The ledger."""
        return str(self.get_url("tasks.index"))

    def chosen(self) -> Sequence[int]:
        """Those of the ledger that are ticked, or all that it finds."""
        ids = [each.task.id for each in found(self.account)]
        return (
            ids if request.args.get("all") == "1" else sorted(set(ids).intersection(ticked()), key=ids.index)
        )

    def back(self) -> str:
        """The ledger with what it was asked for."""
        kept = {name: request.args[name] for name in TasksPage.remembers if name in request.args}
        return str(self.get_url("tasks.index", **kept))
