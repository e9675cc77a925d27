"""Who is told that a matter was stopped: its department, and a body of each place of the list."""

from __future__ import annotations

from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.i18n import mark
from portal.powers.handovers.opening import owing
from portal.powers.matters.models import Matter
from portal.powers.suspensions.models import Suspension

STOPPED = Text(
    NoticeKind.PUBLICATION,
    mark("紧急停办：%(matter)s"),
    mark("《%(list)s》里的“%(matter)s”从%(day)s起停止办理，到另行公布为止。原因：%(reason)s"),
    {
        "list": "纳入“市县同权”改革范围的相关行政权力事项清单",
        "matter": "典当业特种行业许可",
        "day": date(2026, 3, 2),
        "reason": "法律依据已经废止",
    },
)
texts.register(STOPPED)


def tell(suspension: Suspension, matter: Matter) -> None:
    """Tell each of them once."""
    bodies = list(owing([place.id for place in suspension.power_list.scope.members]).values())
    if matter.organisation is not None:
        bodies.append(matter.organisation)
    for each in {body.id: body for body in bodies}.values():
        notify(
            each,
            key=f"suspension:{suspension.id}:{each.id}",
            title=STOPPED.title,
            body=STOPPED.body,
            address=f"/lists/{suspension.power_list.slug}/matters/{suspension.matter_id}",
            values={
                "list": suspension.power_list.title,
                "matter": suspension.name,
                "day": suspension.since,
                "reason": suspension.reason,
            },
            kind=STOPPED.kind,
        )
