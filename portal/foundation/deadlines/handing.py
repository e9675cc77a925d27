"""Deadlines that name a person pass on when the person leaves (accounts.handing)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.accounts.handing.registry import Holding, Units
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.models import LIVE, Deadline
from portal.i18n import mark


def _named(person: Account, units: Units) -> Sequence[Deadline]:
    own = [body.id for body in units]
    wanted = select(Deadline).where(LIVE, Deadline.person_id == person.id, Deadline.owed_by_id.in_(own))
    return db.session.scalars(wanted.order_by(Deadline.id)).all()


def _count(person: Account, units: Units) -> int:
    return len(_named(person, units))


def _pass_on(leaver: Account, successor: Account, units: Units) -> int:
    found = _named(leaver, units)
    for each in found:
        each.person = successor
    return len(found)


NAMED = Holding(mark("写明由本人办的时限"), _count, _pass_on)
