"""Who is told that a matter was stopped: its department, and a body of each place of the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from portal.foundation.notifications import texts
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.service import notify
from portal.foundation.notifications.texts import Text
from portal.i18n import mark
from portal.powers.handovers.opening import owing
from portal.powers.matters.models import Matter
from portal.powers.suspensions.models import Suspension

_EXAMPLE = {
    "list": "纳入“市县同权”改革范围的相关行政权力事项清单",
    "matter": "典当业特种行业许可",
    "reason": "法律依据已经废止",
}

STOPPED = Text(
    NoticeKind.PUBLICATION,
    mark("紧急停办：%(matter)s"),
    mark("《%(list)s》里的“%(matter)s”从%(day)s起停止办理，到另行公布为止。原因：%(reason)s"),
    {**_EXAMPLE, "day": date(2026, 3, 2)},
)
BACK = Text(
    NoticeKind.PUBLICATION,
    mark("仍要停办：%(matter)s"),
    mark(
        "《%(list)s》第%(number)s版已经关闭，它了结的紧急停办重新有效：“%(matter)s”停止办理，到另行公布为止。原因：%(reason)s"
    ),
    {**_EXAMPLE, "number": 3},
)
texts.register(STOPPED, BACK)


def tell(suspension: Suspension, matter: Matter) -> None:
    """Tell each of them once."""
    _tell(suspension, matter, STOPPED, "", {"day": suspension.since})


def tell_again(suspension: Suspension, matter: Matter, closed: int) -> None:
    """Tell each of them once that it holds again, since the revision of that number, which settled it, is closed."""
    _tell(suspension, matter, BACK, f"back-{closed}:", {"number": closed})


def _tell(
    suspension: Suspension, matter: Matter, text: Text, occasion: str, values: Mapping[str, object]
) -> None:
    bodies = list(owing([place.id for place in suspension.power_list.scope.members]).values())
    if matter.organisation is not None:
        bodies.append(matter.organisation)
    for each in {body.id: body for body in bodies}.values():
        notify(
            each,
            key=f"suspension:{suspension.id}:{occasion}{each.id}",
            title=text.title,
            body=text.body,
            address=f"/lists/{suspension.power_list.slug}/matters/{suspension.matter_id}",
            values={
                "list": suspension.power_list.title,
                "matter": suspension.name,
                "reason": suspension.reason,
                **values,
            },
            kind=text.kind,
        )
