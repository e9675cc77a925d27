"""What a place and the reform office tell each other about a plan, step by step (H-3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.foundation.notifications import texts
from portal.foundation.notifications.bulk import notify_many
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.notifications.texts import Text
from portal.foundation.organisations.models import Organisation
from portal.i18n import mark
from portal.powers.handovers.models import HandoverPlan
from portal.powers.handovers.queries import ADDRESS

_EXAMPLE: Mapping[str, Any] = {
    "place": "微山县",
    "list": "纳入“市县同权”改革范围的相关行政权力事项清单",
    "paper": "承接落实方案",
    "day": date(2021, 6, 30),
    "reasons": "没有写明承办单位",
    "number": 1,
}

OWED = Text(
    NoticeKind.HANDOVER,
    mark("请报送%(paper)s"),
    mark("《%(list)s》已经公布。请在%(day)s前写明承接单位，报送%(paper)s。"),
    _EXAMPLE,
)
FILED = Text(
    NoticeKind.HANDOVER,
    mark("%(place)s报来了%(paper)s"),
    mark("%(place)s为《%(list)s》报来了%(paper)s，第%(number)s次报送。请审核，认可或者写明理由退回。"),
    _EXAMPLE,
)
RETURNED = Text(
    NoticeKind.HANDOVER,
    mark("%(paper)s被退回，请改好再报"),
    mark("贵地为《%(list)s》报送的%(paper)s被退回。理由：“%(reasons)s”。请在%(day)s前改好再报。"),
    _EXAMPLE,
)
RETURNED_UNDATED = Text(
    NoticeKind.HANDOVER,
    RETURNED.title,
    mark("贵地为《%(list)s》报送的%(paper)s被退回。理由：“%(reasons)s”。请改好再报。"),
    _EXAMPLE,
)
"""Of what is history (T-7): nobody is held to its old day."""

ACCEPTED = Text(
    NoticeKind.HANDOVER,
    mark("%(paper)s已认可"),
    mark("贵地为《%(list)s》报送的%(paper)s已认可。"),
    _EXAMPLE,
)

CORRECTED = Text(
    NoticeKind.HANDOVER,
    mark("%(paper)s的期限有更正"),
    mark("《%(list)s》的%(paper)s，期限由%(old)s更正为%(day)s。原因：“%(reasons)s”。"),
    {**_EXAMPLE, "old": date(2021, 6, 3)},
)
texts.register(OWED, FILED, RETURNED, RETURNED_UNDATED, ACCEPTED, CORRECTED)


def tell(body: Organisation | None, text: Text, plan: HandoverPlan, occasion: str, **values: Any) -> None:
    """Tell a body of what happened to a plan, once for each occasion; nobody where there is no body."""
    if body is not None:
        tell_all([letter(body, text, plan, occasion, **values)])


def tell_all(letters: Iterable[Letter]) -> None:
    """Tell many of their plans at once."""
    notify_many(letters)


def letter(body: Organisation, text: Text, plan: HandoverPlan, occasion: str, **values: Any) -> Letter:
    """What a body is told of a plan: `values` besides the place, the list and the paper."""
    said = {
        "place": plan.place.name,
        "list": plan.terms.power_list.title,
        "paper": plan.terms.paper,
        **values,
    }
    return Letter(
        body,
        key=f"handover:{plan.id}:{occasion}",
        title=text.title,
        body=text.body,
        address=f"{ADDRESS}/{plan.id}/",
        values={name: said[name] for name in text.example if name in said},
        kind=text.kind,
    )
