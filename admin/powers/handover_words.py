"""What the staff pages call the words of handovers."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.foundation.deadlines.rules import Counting
from portal.powers.handovers.rules import Begin, Coverage, PlanState, Verdict

HANDOVER_WORDS: list[tuple[Enum, Any]] = [
    (PlanState.DUE, _("等报送")),
    (PlanState.FILED, _("等审核")),
    (PlanState.RETURNED, _("已退回")),
    (PlanState.ACCEPTED, _("已认可")),
    (Verdict.ACCEPTED, _("已认可")),
    (Verdict.RETURNED, _("已退回")),
    (Verdict.REPLACED, _("已换新的一份")),
    (Begin.ISSUED, _("文件印发那天")),
    (Begin.PUBLISHED, _("清单公布那天")),
    (Counting.WORKING_DAYS, _("多少个工作日")),
    (Counting.CALENDAR_DAYS, _("多少天")),
    (Counting.FIXED_DAY, _("文件写明的一天")),
    (Coverage.LATE, _("逾期")),
    (Coverage.FILED, _("等审核")),
    (Coverage.RETURNED, _("已退回")),
    (Coverage.UNDER_WAY, _("等报送")),
    (Coverage.ACCEPTED, _("已认可")),
    (Coverage.HISTORY, _("历史")),
    (Coverage.RELEASED, _("不用报了")),
    (Coverage.NOBODY, _("没有登记单位")),
]
