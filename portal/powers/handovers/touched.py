"""Which plans of handing over a change of a list touches (H-1)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.i18n import mark
from portal.powers.handovers.models import HandoverPlan, HandoverTerms
from portal.powers.handovers.queries import ADDRESS
from portal.powers.lists.adjusting.touching import LISTED, Consequence, Touched


def touched(change: Touched) -> Iterator[Consequence]:
    """The plans of the places that feel it, with the way to each."""
    ids = [place.id for place in change.places]
    plans = db.session.scalars(
        select(HandoverPlan)
        .join(HandoverPlan.terms)
        .where(HandoverTerms.list_id == change.power_list.id, HandoverPlan.place_id.in_(ids))
        .order_by(HandoverPlan.id)
    ).all()
    if plans:
        named = [
            (f"{each.place.name}{each.terms.paper}", 0, f"{ADDRESS}/{each.id}/") for each in plans[:LISTED]
        ]
        yield Consequence(mark("承接方案"), len(plans), named)
