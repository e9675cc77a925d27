"""Deadlines that name a person pass on when the person leaves (accounts.handing)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.accounts.handing.registry import Holding, Units
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.i18n import mark


def _named(person: Account, units: Units) -> Sequence[Deadline]:
    own = [body.id for body in units]
    wanted = select(Deadline).where(LIVE, Deadline.person_id == person.id, Deadline.owed_by_id.in_(own))
    return db.session.scalars(wanted.order_by(Deadline.id)).all()


def _counts(units: Mapping[int, Units]) -> Mapping[int, int]:
    """By person; a deadline counts for the body that owes it, where it is one of the person's."""
    own = {(key, body.id) for key, bodies in units.items() for body in bodies}
    wanted = (
        select(Deadline.person_id, Deadline.owed_by_id, func.count(Deadline.id))
        .where(LIVE, Deadline.person_id.in_(units))
        .group_by(Deadline.person_id, Deadline.owed_by_id)
    )
    counts: Counter[int] = Counter()
    for key, body, count in db.session.execute(wanted):
        if key is not None and (key, body) in own:
            counts[key] += count
    return counts


def _pass_on(leaver: Account, successor: Account, units: Units) -> int:
    found = _named(leaver, units)
    for each in found:
        each.person = successor
    return len(found)


NAMED = Holding(mark("写明由本人办的时限"), _counts, _pass_on)
