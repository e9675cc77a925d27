"""Reading duties: who does what for a matter at a place, and where nobody is named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.places.models import Place
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.lists.models import Delegation, PowerList
from portal.powers.matters.models import Matter

NEEDED = (DutyRole.RECEIVER, DutyRole.REGULATOR_PLACE)
"""Without one of these a matter at a place is listed as a gap (Y-2)."""


@dataclass(frozen=True)
class Gap:
    """A matter at a place for which nobody has one of the needed roles."""

    matter: Matter
    place: Place
    missing: tuple[DutyRole, ...]


def of_place(place_id: int) -> Sequence[Duty]:
    """Every duty at a place, by matter."""
    return db.session.scalars(
        select(Duty)
        .where(Duty.place_id == place_id)
        .options(joinedload(Duty.organisation), joinedload(Duty.matter))
        .order_by(Duty.matter_id, Duty.role, Duty.organisation_id)
    ).all()


def counts(place_ids: Collection[int]) -> dict[int, int]:
    """How many duties each place has; places without any are left out."""
    wanted = select(Duty.place_id, func.count()).where(Duty.place_id.in_(place_ids)).group_by(Duty.place_id)
    return dict(db.session.execute(wanted).all())


def gaps(power_list: PowerList, place: Place | None = None) -> list[Gap]:
    """Matters of a list's working copy, at each place of its scope or one of them, that lack a needed role."""
    places = [place] if place else list(power_list.scope.members)
    known = {
        (place_id, matter_id, role)
        for place_id, matter_id, role in db.session.execute(
            select(Duty.place_id, Duty.matter_id, Duty.role).where(
                Duty.place_id.in_([each.id for each in places]), Duty.role.in_(NEEDED)
            )
        )
    }
    matters = db.session.scalars(
        select(Matter)
        .join(Delegation, Delegation.matter_id == Matter.id)
        .where(Delegation.list_id == power_list.id)
        .order_by(Delegation.position)
    ).all()
    found = []
    for matter in matters:
        for each in places:
            missing = tuple(role for role in NEEDED if (each.id, matter.id, role) not in known)
            if missing:
                found.append(Gap(matter, each, missing))
    return found
