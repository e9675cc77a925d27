"""What a unit reads when it is urged: what is owed, by when, on what basis, who asks. Nobody is blamed."""

from __future__ import annotations

from datetime import date

from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text, register
from portal.i18n import mark

URGED = Text(
    NoticeKind.DEADLINE,
    mark("催办：%(title)s"),
    mark(
        "%(unit)s：“%(title)s”的到期日是%(due)s，已过 %(days)s 天。依据：%(basis)s。"
        "请抓紧办理，办结后登记；有困难的，请告诉%(office)s。"
    ),
    {
        "title": "报送承接方案",
        "unit": "微山县行政审批服务局",
        "due": date(2021, 6, 30),
        "days": 5,
        "basis": "济政字〔2021〕30号第2条",
        "office": "市政府办公室",
    },
)
register(URGED)
