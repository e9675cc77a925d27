"""What the staff pages call the words of notices."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from portal.foundation.notifications.rules import Channel, DeliveryAct, DeliveryState, NoticeKind, Timing
from portal.i18n import gettext

NOTICE_WORDS: list[tuple[StrEnum, Any]] = [
    (NoticeKind.PUBLICATION, _("公布消息")),
    (NoticeKind.DEADLINE, _("时限")),
    (NoticeKind.HANDOVER, _("承接")),
    (NoticeKind.TASK, _("改革任务")),
    (NoticeKind.REGULATION, _("监管")),
    (NoticeKind.GENERAL, _("其他")),
    (NoticeKind.TRIAL, _("试发")),
    (Channel.EMAIL, _("电子邮件")),
    (Channel.WEBHOOK, _("本单位系统（Webhook）")),
    (Channel.WECOM, _("企业微信")),
    (Channel.DINGTALK, _("钉钉")),
    (Channel.FEISHU, _("飞书")),
    (Channel.SMS, _("短信")),
    (Channel.FILE, _("文件（演示）")),
    (Timing.AT_ONCE, _("马上发")),
    (Timing.DAILY, _("每天汇总")),
    (Timing.NEVER, _("不发")),
    (DeliveryState.QUEUED, _("等待发送")),
    (DeliveryState.SENDING, _("正在发送")),
    (DeliveryState.SENT, _("已发送")),
    (DeliveryState.FAILED, _("发送失败")),
    (DeliveryState.VOID, _("不用发送")),
    (DeliveryAct.RESEND, _("重新发送")),
    (DeliveryAct.GIVE_UP, _("放弃")),
]

TAGS = {DeliveryState.SENT: "done", DeliveryState.FAILED: "stop", DeliveryState.VOID: "plain"}
"""The look of a state's tag; others wait."""

_WITH_CODE = re.compile(r"(.+)（([\w?.]+)）")


def reason(text: str) -> str:
    """Why something was not delivered, in the reader's language; codes of the other side stay as they are."""
    if found := _WITH_CODE.fullmatch(text):
        return f"{gettext(found[1])} ({gettext(found[2])})"
    return gettext(text)
