"""The ledger of tasks, and their milestones, by file (K-1)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from admin.rows import RowsPage
from portal.foundation.rights.rules import Right


class TaskRowsPage(RowsPage):
    """Tasks: entered, put right, given to units."""

    key = "task-rows"
    title = _("成批填写任务")
    section = "deadlines"
    listed = False
    access = frozenset({Right.MANAGE_TASKS})
    change = Right.MANAGE_TASKS
    of = "tasks"
    widths = (20, 8, 36, 10, 40, 36, 20, 28, 28, 14, 14, 20)


class MilestoneRowsPage(RowsPage):
    """Milestones: entered with their days, signed off."""

    key = "milestone-rows"
    title = _("成批填写节点")
    section = "deadlines"
    listed = False
    access = frozenset({Right.MANAGE_TASKS})
    change = Right.MANAGE_TASKS
    of = "milestones"
    widths = (20, 8, 40, 18, 14, 14, 30)
