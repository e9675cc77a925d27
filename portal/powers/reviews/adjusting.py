"""From a review to an adjustment: opened with the review's reason, and linked with it for good (P-9)."""

from __future__ import annotations

from portal import clock
from portal.db import db
from portal.errors import Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.publishing.service import bound
from portal.foundation.rights.rules import Right
from portal.powers.lists.adjusting import queries as adjusting
from portal.powers.lists.adjusting import service as changes
from portal.powers.lists.models import Delegation
from portal.powers.reviews import queries
from portal.powers.reviews.models import Review, ReviewAdjustment, ReviewLine
from portal.powers.reviews.rules import Outcome, reason_of


def open_adjustment(line: ReviewLine, *, by: Account) -> Delegation:
    """Open the adjustment that a filed review asks for: gives the matter's row of the working copy.

    Its reason and basis are the review's, unless somebody has written others already. Opening it again changes
    nothing. Forbidden without EDIT_LISTS; Refused where the matter is to stay as it is, has left the list, or was
    adjusted already; Conflict while the list waits for a decision.
    """
    review = queries.of_line(line)
    power_list = review.power_list
    require(by, Right.EDIT_LISTS, power_list.place_id)
    bound(Subject.LIST, power_list.id)
    if line.outcome is Outcome.KEEP:
        raise Refused("这一项评估的意见是保留，不用调整。")
    opened = db.session.get(ReviewAdjustment, line.id)
    if opened is not None and opened.revision_id is not None:
        raise Refused("这一项已经按评估调整并公布了。")
    row = queries.working_row(power_list.id, line.matter_id)
    if row is None:
        raise Refused("这一项已经不在清单里了。")
    if line.matter_id not in adjusting.notes(power_list.id):
        changes.explain(
            power_list, [line.matter_id], reason=reason_of(line.said), basis=basis_of(review), by=by
        )
    if opened is None:
        db.session.add(ReviewAdjustment(line_id=line.id, opened_by_id=by.id, opened_at=clock.now()))
        db.session.flush()
    return row


def basis_of(review: Review) -> str:
    """What an adjustment names as its basis: the department's review by its number and day."""
    day = review.filed_at.astimezone(clock.HOME).date() if review.filed_at else review.begins_on
    said = f"{review.organisation.name}第{review.number}次定期评估（{day.isoformat()}报送）"
    return said[: changes.LONGEST_BASIS]


def follow(revision: Revision) -> None:
    """After a list is published or closed: adjustments that reviews asked for are done where their matters changed.

    What a closed revision had done is done by the next that stands, which took it along, or waits again (P-3).
    """
    if revision.subject is Subject.LIST and revision.state is RevisionState.CLOSED:
        later = _next(revision)
        for opened in queries.done_by(revision.id):
            opened.revision_id = later
    changed = adjusting.of_powers(revision)
    for opened, line in queries.opened(revision.subject_id) if changed else ():
        if line.matter_id in changed:
            opened.revision_id = revision.id
    db.session.flush()


def _next(closed: Revision) -> int | None:
    """The id of the first revision after a closed one that still stands."""
    found = [
        (each.number, each.id)
        for each in publishing.revisions(closed.subject, closed.subject_id)
        if each.number > closed.number and each.state is RevisionState.PUBLISHED and not each.entered
    ]
    return min(found)[1] if found else None
