"""What a reminder says: what is owed, by when, on what basis. Nobody is blamed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.reminding.rules import Step
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text, register
from portal.i18n import mark

BEFORE = mark("还有 %(days)s 天到期：%(title)s")
TODAY = mark("今天到期：%(title)s")
AFTER = mark("已过期 %(days)s 天：%(title)s")
BEFORE_MISSED = mark("（逾期补发）还有 %(days)s 天到期：%(title)s")
TODAY_MISSED = mark("（逾期补发）今天到期：%(title)s")
AFTER_MISSED = mark("（逾期补发）已过期 %(days)s 天：%(title)s")
BODY = mark(
    "%(unit)s：“%(title)s”的到期日是%(due)s。依据：%(basis)s。这一天是怎么算出来的、办结怎么登记，见链接。"
)
BODY_MISSED = mark(
    "%(unit)s：“%(title)s”的到期日是%(due)s。依据：%(basis)s。这一天是怎么算出来的、办结怎么登记，见链接。"
    "这条提醒原定%(on)s发出，现在补发。"
)
NO_BASIS = mark("没有写明")

_EXAMPLE = {
    "days": 7,
    "title": "报送承接方案",
    "unit": "微山县行政审批服务局",
    "due": date(2021, 6, 30),
    "basis": "济政字〔2021〕30号第2条",
    "on": date(2021, 6, 23),
}
register(
    *(Text(NoticeKind.DEADLINE, title, BODY, _EXAMPLE) for title in (BEFORE, TODAY, AFTER)),
    Text(NoticeKind.DEADLINE, BEFORE_MISSED, BODY_MISSED, _EXAMPLE),
)


def reminder(deadline: Deadline, step: Step, today: date) -> tuple[str, str, Mapping[str, Any]]:
    """Title, text and values of a reminder. One that nobody was there to send on its day says so (逾期补发)."""
    missed, days = step.missed(today), (deadline.due_on - today).days
    values = {
        "days": abs(days),
        "title": deadline.title,
        "unit": deadline.owed_by.name,
        "due": deadline.due_on,
        "basis": deadline.basis or NO_BASIS,
        "on": step.on,
    }
    return _title(days, missed=missed), BODY_MISSED if missed else BODY, values


def _title(days: int, *, missed: bool) -> str:
    if days > 0:
        return BEFORE_MISSED if missed else BEFORE
    if days == 0:
        return TODAY_MISSED if missed else TODAY
    return AFTER_MISSED if missed else AFTER
