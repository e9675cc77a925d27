"""What bodies are told when a place makes its own statement public."""

from __future__ import annotations

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text
from portal.i18n import mark

_EXAMPLE = {"place": "微山县", "number": 1}

NAMED = Text(
    NoticeKind.PUBLICATION,
    mark("%(place)s公布了承接单位和办事点"),
    mark("%(place)s的承接单位、办事点和方式选择已公布第%(number)s版，其中写到贵单位。请核对职责是否属实。"),
    _EXAMPLE,
)
CHOSEN_FOR = Text(
    NoticeKind.PUBLICATION,
    mark("%(place)s公布了镇街的办法"),
    mark(
        "%(place)s的承接单位、办事点和方式选择已公布第%(number)s版，其中选定、改变或者取消了贵镇街的放权方式。"
        "请对照，并公布承接单位。"
    ),
    _EXAMPLE,
)
texts.register(NAMED, CHOSEN_FOR)
