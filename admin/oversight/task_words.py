"""What the staff pages call the words of tasks and circulars."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.oversight.circulars.rules import Part
from portal.oversight.tasks.rules import Dating, TaskState

TASK_WORDS: list[tuple[StrEnum, Any]] = [
    (TaskState.LATE, _("逾期")),
    (TaskState.UNDER_WAY, _("进行中")),
    (TaskState.SILENT, _("未报进展")),
    (TaskState.DONE_LATE, _("逾期办结")),
    (TaskState.DONE, _("已办结")),
    (TaskState.HISTORY, _("历史")),
    (TaskState.ENDED, _("已终止")),
    (Dating.FIXED, _("写明日期")),
    (Dating.UNSTATED, _("没有写日期")),
    (Dating.STANDING, _("长期任务")),
    (Part.LATE, _("逾期")),
    (Part.DONE_LATE, _("逾期办结")),
    (Part.DONE, _("按时办结")),
    (Part.UNDER_WAY, _("进行中")),
    (Part.UNDATED, _("没有写日期")),
]
