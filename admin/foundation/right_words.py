"""What the staff pages call roles, rights and how far they reach."""

from __future__ import annotations

from enum import Enum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.foundation.rights.rules import Reach, Right, Role

RIGHT_WORDS: list[tuple[Enum, Any]] = [
    (Role.EDITOR, _("编辑")),
    (Role.APPROVER, _("批准人")),
    (Role.DEPARTMENT_OFFICER, _("市直部门经办人")),
    (Role.COUNTY_OFFICER, _("县（市、区）经办人")),
    (Role.REGULATOR, _("监管人员")),
    (Role.AUDITOR, _("审计人员")),
    (Role.ADMINISTRATOR, _("系统管理员")),
    (Right.EDIT_LISTS, _("编清单、导入、送审清单")),
    (Right.APPROVE, _("批准、退回、公布")),
    (Right.EDIT_PLACE, _("填办事点、镇街、方式选择，送审本地公布，报送方案")),
    (Right.EDIT_DUTIES, _("填承接单位和监管职责")),
    (Right.EDIT_CALENDAR, _("填工作日安排")),
    (Right.MANAGE_DEADLINES, _("延期、办结、免除时限")),
    (Right.REVIEW_PLANS, _("认可或退回承接方案")),
    (Right.MANAGE_REVIEWS, _("定评估间隔、另开一轮")),
    (Right.FILE_REVIEWS, _("报送定期评估")),
    (Right.MANAGE_TASKS, _("管改革任务、编通报")),
    (Right.REPORT_TASKS, _("报改革任务进展")),
    (Right.GIVE_OPINIONS, _("答复征求意见")),
    (Right.KEEP_UNIT, _("定单位的通知方式和日历订阅")),
    (Right.READ_DRAFTS, _("看没有公布的记录")),
    (Right.READ_ALL, _("查阅全部页面")),
    (Right.READ_RECORD, _("查阅操作记录")),
    (Right.HAND_ON, _("把离任人员手上的事交给别人")),
    (Right.MANAGE_ACCOUNTS, _("管账号和任职")),
    (Right.MANAGE_ORGANISATIONS, _("管机构和地方")),
    (Right.SEE_RUNS, _("看后台作业、定时安排、通知发送")),
    (Reach.NONE, _("—")),
    (Reach.ORGANISATION, _("本单位")),
    (Reach.PLACE, _("本地及以下")),
    (Reach.CITY, _("本市及以下")),
    (Reach.ALL, _("全部")),
]
