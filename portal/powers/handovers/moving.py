"""A plan that is not accepted yet goes on at the successor, unless that owes one under the same terms."""

from __future__ import annotations

from portal.foundation.deadlines import service
from portal.foundation.reorganisations.registry import Hanging, Occasion, plainly
from portal.i18n import mark
from portal.powers.handovers import queries
from portal.powers.handovers.models import HandoverPlan
from portal.powers.handovers.rules import PlanState


def _not_owed(row: HandoverPlan, occasion: Occasion) -> None:
    """Nobody owes it any more; what was filed stays."""
    for each in queries.deadlines_of([row.id]).values():
        if each.state.running:
            service.cancel(each, reason=occasion.note, by=occasion.by)


def _owing(row: HandoverPlan) -> int | None:
    """The body that owes it, where a date is kept."""
    return next((each.owed_by_id for each in queries.deadlines_of([row.id]).values()), None)


MOVING = (
    Hanging(
        HandoverPlan.place_id,
        mark("还没有通过的承接方案"),
        lambda row: row.terms.paper,
        plainly,
        _not_owed,
        mark("不用再报，报过的留着"),
        where=lambda: (HandoverPlan.state != PlanState.ACCEPTED,),
        follows=_owing,
    ),
)
