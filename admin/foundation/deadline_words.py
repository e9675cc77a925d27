"""What the staff pages call the words of deadlines."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

from portal.foundation.deadlines.board.rules import Part
from portal.foundation.deadlines.explaining.saying import CAUSES
from portal.foundation.deadlines.reminding.rules import Level
from portal.foundation.deadlines.rules import EventKind, Standing

DEADLINE_WORDS: list[tuple[Any, Any]] = [
    (Standing.LATE, _("逾期")),
    (Standing.DUE, _("未到期")),
    (Standing.PAUSED, _("暂停中")),
    (Standing.DONE, _("按时办结")),
    (Standing.DONE_LATE, _("逾期办结")),
    (Standing.HISTORY, _("历史")),
    (Standing.WAIVED, _("已免除")),
    (Standing.CANCELLED, _("已取消")),
    (Part.LATE, _("逾期")),
    (Part.SOON, _("7 天内到期")),
    (Part.DUE, _("7 天以后到期")),
    (Part.PAUSED, _("暂停中")),
    (Part.DONE, _("近 90 天按时办结")),
    (Part.DONE_LATE, _("近 90 天逾期办结")),
    (Part.HISTORY, _("历史")),
    (Level.OFFICER, _("经办人")),
    (Level.LEADER, _("单位负责人")),
    (Level.OFFICE, _("改革主管部门")),
    *((cause, _(said)) for cause, said in CAUSES.items()),
    (EventKind.OPENED, _("开始计时")),
    (EventKind.PAUSED, _("暂停")),
    (EventKind.RESUMED, _("恢复")),
    (EventKind.EXTENDED, _("延期")),
    (EventKind.FULFILLED, _("办结")),
    (EventKind.WAIVED, _("免除")),
    (EventKind.CANCELLED, _("取消")),
    (EventKind.REOPENED, _("重新打开")),
    (EventKind.RECOMPUTED, _("放假安排有变，重新计算")),
    (EventKind.CORRECTED, _("期限写错了，更正")),
    (EventKind.PASSED_ON, _("转给接手的单位")),
    (EventKind.REMINDED, _("提醒")),
    (EventKind.URGED, _("催办")),
]
