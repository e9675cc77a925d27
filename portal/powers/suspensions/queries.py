"""Reading suspensions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.db import db
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.powers.lists.models import PowerList
from portal.powers.suspensions.models import Suspension

SUBJECT = "suspension"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/suspensions"
"""Where the staff door keeps them."""


def get(suspension_id: int) -> Suspension | None:
    """The one with this id."""
    return db.session.get(Suspension, suspension_id)


def by_matter(day: date) -> dict[tuple[int, int], Suspension]:
    """Every suspension of a day by list and matter: they are few, so a page reads them at once."""
    found = db.session.scalars(select(Suspension).where(_holds(day)).order_by(Suspension.id))
    return {(each.list_id, each.matter_id): each for each in found}


def of_list(list_id: int, day: date) -> dict[int, date]:
    """Since when each matter of a list is stopped that is on a day, by its id (lists.stopped)."""
    wanted = select(Suspension.matter_id, Suspension.since).where(Suspension.list_id == list_id, _holds(day))
    return dict(db.session.execute(wanted.order_by(Suspension.id)).all())


def live(day: date) -> Sequence[Suspension]:
    """Every matter that is stopped on a day, the newest first."""
    wanted = select(Suspension).where(_holds(day)).options(joinedload(Suspension.power_list))
    return db.session.scalars(wanted.order_by(Suspension.id.desc())).all()


def lasting(list_id: int) -> Sequence[Suspension]:
    """Those of a list whose end is not known."""
    wanted = select(Suspension).where(Suspension.list_id == list_id, Suspension.ended_on.is_(None))
    return db.session.scalars(wanted.order_by(Suspension.id)).all()


def settled(list_id: int) -> Sequence[Suspension]:
    """Those of a list that a revision ended, or will end on its day."""
    wanted = select(Suspension).where(Suspension.list_id == list_id, Suspension.revision_number.is_not(None))
    return db.session.scalars(wanted.order_by(Suspension.id.desc())).all()


def stopped(list_id: int, matter_id: int, day: date) -> Suspension | None:
    """The stop of a matter that is not over on a day."""
    wanted = select(Suspension).where(Suspension.list_id == list_id, Suspension.matter_id == matter_id)
    return db.session.scalar(wanted.where(_holds(day)).order_by(Suspension.id.desc()).limit(1))


def beside(suspension: Suspension, day: date) -> bool:
    """Whether the same matter is stopped on a day by another stop."""
    other = stopped(suspension.list_id, suspension.matter_id, day)
    return other is not None and other is not suspension


def newest(places: Collection[int] | None, limit: int = 100) -> Sequence[Suspension]:
    """Those of lists of these places, of all for None: what lasts first, then the newest of the others."""
    wanted = select(Suspension).options(contains_eager(Suspension.power_list), joinedload(Suspension.by))
    wanted = wanted.join(Suspension.power_list)
    if places is not None:
        wanted = wanted.where(PowerList.place_id.in_(places))
    lasts = case((_holds(clock.today()), 0), else_=1)
    return db.session.scalars(wanted.order_by(lasts, Suspension.id.desc()).limit(limit)).all()


def deadlines_of(suspensions: Iterable[Suspension]) -> dict[int, Deadline]:
    """The one deadline of each, by its id; none where no office is known that owes it."""
    return {each.subject_id: each for each in deadlines.of_many(SUBJECT, [each.id for each in suspensions])}


def _holds(day: date) -> ColumnElement[bool]:
    return (Suspension.since <= day) & or_(Suspension.ended_on.is_(None), Suspension.ended_on > day)
