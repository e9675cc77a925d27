"""A review that is due goes on with the department that goes on, unless that has its own to file."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.reorganisations.registry import Hanging, Occasion, Subject, plainly
from portal.i18n import mark
from portal.powers.reviews import opening, queries
from portal.powers.reviews.models import Review
from portal.powers.reviews.rules import ReviewState


def _next(kind: Hanging, row: Review, successor: Subject, occasion: Occasion) -> bool:
    """It becomes the successor's next one of the list."""
    theirs = (Review.list_id == row.list_id, Review.organisation_id == successor.id)
    if db.session.scalar(select(Review.id).where(*theirs, Review.state == ReviewState.DUE)) is not None:
        _drop(row, occasion)
        return False
    number = (db.session.scalar(select(func.max(Review.number)).where(*theirs)) or 0) + 1
    # The number holds at the successor alone: it is not written before the body is.
    with db.session.no_autoflush:
        row.number = number
        return plainly(kind, row, successor, occasion)


def _drop(row: Review, occasion: Occasion) -> None:
    deadline = queries.deadlines_of([row]).get(row.id)
    opening.drop(row, deadline, reason=occasion.note, by=occasion.by)


MOVING = (
    Hanging(
        Review.organisation_id,
        mark("还没有交的定期评估"),
        lambda row: row.power_list.title,
        _next,
        _drop,
        mark("不用再交"),
        where=lambda: (Review.state == ReviewState.DUE,),
    ),
)
