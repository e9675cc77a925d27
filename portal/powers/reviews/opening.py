"""When a department begins to owe a review, and when it no longer does (P-9, T-7).

Asked any number of times, each review is opened once: a department has one to file for a list at most.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.clock import HOME
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines import service as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.deadlines.queries import events
from portal.foundation.deadlines.registry import DeadlineKind, Record, register_kind, register_subject
from portal.foundation.deadlines.rules import State, Terms
from portal.foundation.organisations.models import Organisation
from portal.i18n import mark
from portal.powers.handovers.opening import office_of
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.reviews import queries
from portal.powers.reviews.models import Review
from portal.powers.reviews.queries import ADDRESS, SUBJECT
from portal.powers.reviews.rules import NOTICE, ReviewState, anew, months_after

log = structlog.get_logger(__name__)

REVIEW = register_kind(DeadlineKind("review", mark("定期评估")))

LEFT = mark("清单里不再有本单位的事项")
LONGEST_TITLE = 255


def open_all() -> int:
    """Open what is lacking of every list, and end what nobody need file any more; gives how many are new."""
    return sum(open_lacking(each) for each in lists.every())


def open_lacking(power_list: PowerList) -> int:
    """A review for each department that has matters in the list today and none to file; gives how many are new.

    The first is counted from the day on which its matters began to hold, each later one from the end of the last; what
    a revision left out for some days by mistake goes on as it was.
    """
    wanted, due = queries.departments(power_list), queries.due_of(power_list.id)
    held = queries.deadlines_of(due.values())
    for unit_id, review in list(due.items()):
        deadline = held.get(review.id)
        if unit_id not in wanted or (deadline is not None and not deadline.state.running):
            drop(review, deadline, reason=LEFT, by=None)
            del due[unit_id]
    lacking = wanted.keys() - due.keys()
    if not lacking:
        return 0
    last, first = queries.last_of(power_list.id, lacking), queries.first_days(power_list, lacking)
    held = queries.deadlines_of(last.values())
    months = queries.terms_of(power_list.id).months
    new = 0
    for unit_id in sorted(lacking):
        ended, begin = last.get(unit_id), first.get(unit_id, clock.today())
        span = _after(ended, held.get(ended.id), months) if ended else (begin, months_after(begin, months))
        new += open_one(power_list, wanted[unit_id], *span, by=None) is not None
    return new


def open_one(
    power_list: PowerList, unit: Organisation, begin: date, due_on: date, *, by: Account | None
) -> Review | None:
    """The department's next review of the list with its deadline; None when it has one to file already."""
    last = queries.last_of(power_list.id, [unit.id]).get(unit.id)
    review = Review(
        list_id=power_list.id,
        organisation_id=unit.id,
        number=last.number + 1 if last else 1,
        begins_on=begin,
    )
    try:
        with db.session.begin_nested():
            db.session.add(review)
    except IntegrityError:
        log.info("somebody else has opened the same")
        return None
    deadlines.open(
        REVIEW,
        subject=(SUBJECT, review.id),
        owed_by=unit,
        owed_to=office_of(power_list),
        place=power_list.place,
        list_id=power_list.id,
        title=f"定期评估：《{power_list.title}》"[:LONGEST_TITLE],
        begin=begin,
        terms=Terms.fixed(due_on, rolls=True),
        basis=queries.terms_of(power_list.id).basis,
        by=by,
    )
    return review


def drop(review: Review, deadline: Deadline | None, *, reason: str, by: Account | None) -> None:
    """Nobody need file it any more; one that was filed at this moment stays filed."""
    if move(review, ReviewState.DROPPED) and deadline is not None and deadline.state.running:
        deadlines.cancel(deadline, reason=reason, by=by)


def move(review: Review, state: ReviewState, **values: Any) -> bool:
    """End a review that waits to be filed, in one statement, so that one of two wins; whether it was this one."""
    statement = update(Review).where(Review.id == review.id, Review.state == ReviewState.DUE)
    result = db.session.execute(
        statement.values(state=state, **values).execution_options(synchronize_session=False)
    )
    db.session.refresh(review)
    return isinstance(result, CursorResult) and result.rowcount > 0


def _after(last: Review, deadline: Deadline | None, months: int) -> tuple[date, date]:
    """The first and last day of the review after this one.

    One that ended without a form, as it was met or waived by hand, ended when that is seen. One whose matters had left
    the list, and are back soon, goes on from its old day: nobody gains a year by a slip in a revision.
    """
    today = clock.today()
    begin = last.filed_at.astimezone(HOME).date() if last.filed_at else today
    if deadline is not None and deadline.state is State.CANCELLED:
        if deadline.history:
            begin = last.begins_on
        elif today - events(deadline)[0].happened_on <= NOTICE:
            return anew(last.begins_on, months, today)
    return begin, months_after(begin, months)


def _record(review_id: int) -> Record | None:
    review = queries.get(review_id)
    if review is None:
        return None
    return Record(f"{review.organisation.name}定期评估", f"{ADDRESS}/{review.id}/")


register_subject(SUBJECT, _record)
