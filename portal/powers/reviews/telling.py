"""What the reform office is told when a review was filed (P-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.i18n import mark
from portal.powers.handovers.opening import office_of
from portal.powers.reviews import queries
from portal.powers.reviews.models import Review
from portal.powers.reviews.rules import Outcome

_EXAMPLE: Mapping[str, Any] = {
    "unit": "市商务局",
    "list": "纳入“市县同权”改革范围的相关行政权力事项清单",
    "total": 5,
    "change": 1,
    "take_back": 1,
}

FILED = Text(
    NoticeKind.GENERAL,
    mark("%(unit)s报来了定期评估"),
    mark("%(unit)s评估了《%(list)s》里本单位的%(total)s项：建议调整%(change)s项，建议收回%(take_back)s项。"),
    _EXAMPLE,
)
texts.register(FILED)


def tell_office(review: Review) -> None:
    """Tell the office of a review that was filed, once; nobody where there is no office."""
    office = office_of(review.power_list)
    if office is None:
        return
    counts = queries.outcomes([review])[review.id]
    notify(
        office,
        key=f"review:{review.id}:filed",
        title=FILED.title,
        body=FILED.body,
        address=f"{queries.ADDRESS}/{review.id}/",
        values={
            "unit": review.organisation.name,
            "list": review.power_list.title,
            "total": counts.total(),
            "change": counts[Outcome.CHANGE],
            "take_back": counts[Outcome.TAKE_BACK],
        },
        kind=FILED.kind,
    )
