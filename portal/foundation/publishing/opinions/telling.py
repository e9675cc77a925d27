"""What the bodies that are asked are told, and whoever asked them."""

from __future__ import annotations

from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.foundation.publishing.opinions.models import Opinion
from portal.foundation.publishing.opinions.queries import ADDRESS
from portal.i18n import mark

_EXAMPLE = {
    "title": "纳入“市县同权”改革范围的相关行政权力事项清单",
    "day": date(2026, 3, 20),
    "unit": "任城区政府",
}

ASKED = Text(
    NoticeKind.GENERAL,
    mark("请对《%(title)s》的调整提出意见"),
    mark(
        "《%(title)s》准备调整，请贵单位在%(day)s以前回复：同意、不同意，或者有建议。到期没有回复的，记为未回复。"
    ),
    _EXAMPLE,
)
ANSWERED = Text(
    NoticeKind.GENERAL,
    mark("%(unit)s回复了意见"),
    mark("%(unit)s对《%(title)s》的调整回复了意见，请查看。"),
    _EXAMPLE,
)
for _text in (ASKED, ANSWERED):
    texts.register(_text)


def tell_asked(opinion: Opinion, until: date) -> None:
    """Tell a body that it is asked, and until when."""
    notify(
        opinion.organisation,
        key=f"opinion:{opinion.id}:asked",
        title=ASKED.title,
        body=ASKED.body,
        address=f"{ADDRESS}/{opinion.id}/",
        values={"title": opinion.round.title, "day": until},
        kind=ASKED.kind,
    )


def tell_asker(opinion: Opinion) -> None:
    """Tell the unit of whoever asked that an answer has come; nobody where that person has none."""
    unit = opinion.round.asked_by.unit
    if unit is None:
        return
    notify(
        unit,
        key=f"opinion:{opinion.id}:answered",
        title=ANSWERED.title,
        body=ANSWERED.body,
        address=f"{ADDRESS}/rounds/{opinion.round_id}/",
        values={"unit": opinion.organisation.name, "title": opinion.round.title},
        kind=ANSWERED.kind,
    )
