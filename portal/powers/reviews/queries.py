"""Reading reviews: one, those of a list, what they are about, and how often each list is reviewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.db import db
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import Deadline
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.reorganisations.queries import forebears, standing_bodies
from portal.powers.handovers.opening import office_of
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter
from portal.powers.matters.models import Matter
from portal.powers.reviews.models import Review, ReviewAdjustment, ReviewLine, ReviewTerms
from portal.powers.reviews.rules import USUAL_MONTHS, Outcome, ReviewState

SUBJECT = "review"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/reviews"
"""Where the staff door keeps the reviews: notices and boards lead there."""


@dataclass(frozen=True)
class Part:
    """Some of the reviews with their deadlines and what was decided in each, and how many there are in all."""

    reviews: Sequence[Review]
    deadlines: Mapping[int, Deadline]
    outcomes: Mapping[int, Counter[Outcome]]
    total: int


def get(review_id: int) -> Review | None:
    """The review with this id."""
    return db.session.get(Review, review_id)


def line(review: Review, line_id: int) -> ReviewLine | None:
    """The line of a review with this id."""
    return next((each for each in review.lines if each.id == line_id), None)


def of_line(line: ReviewLine) -> Review:
    """The review that a line is of."""
    return db.session.get_one(Review, line.review_id)


def working_row(list_id: int, matter_id: int) -> Delegation | None:
    """A matter's row in the working copy of a list; None once it has left it."""
    return db.session.scalar(
        select(Delegation).where(Delegation.list_id == list_id, Delegation.matter_id == matter_id)
    )


def opened(list_id: int) -> Sequence[tuple[ReviewAdjustment, ReviewLine]]:
    """The adjustments of a list that reviews asked for and that are not public yet, with what was said."""
    wanted = (
        select(ReviewAdjustment, ReviewLine)
        .join(ReviewLine, ReviewLine.id == ReviewAdjustment.line_id)
        .join(Review, Review.id == ReviewLine.review_id)
        .where(Review.list_id == list_id, ReviewAdjustment.revision_id.is_(None))
        .order_by(ReviewLine.position, ReviewLine.id)
    )
    return [(adjustment, line) for adjustment, line in db.session.execute(wanted)]


def done_by(revision_id: int) -> Sequence[ReviewAdjustment]:
    """The adjustments of reviews that a revision made public."""
    wanted = select(ReviewAdjustment).where(ReviewAdjustment.revision_id == revision_id)
    return db.session.scalars(wanted.order_by(ReviewAdjustment.line_id)).all()


def terms_of(list_id: int) -> ReviewTerms:
    """How often the list is reviewed; a row that is not kept where nobody has said so."""
    return db.session.get(ReviewTerms, list_id) or ReviewTerms(list_id=list_id, months=USUAL_MONTHS, basis="")


def due_of(list_id: int) -> dict[int, Review]:
    """The reviews of a list that wait to be filed, by the id of the department."""
    wanted = select(Review).where(Review.list_id == list_id, Review.state == ReviewState.DUE)
    return {each.organisation_id: each for each in db.session.scalars(wanted)}


def last_of(list_id: int, organisation_ids: Collection[int]) -> dict[int, Review]:
    """The newest review of each of these departments, by the department's id."""
    wanted = select(Review).where(Review.list_id == list_id, Review.organisation_id.in_(organisation_ids))
    return {each.organisation_id: each for each in db.session.scalars(wanted.order_by(Review.number))}


def deadlines_of(reviews: Iterable[Review]) -> dict[int, Deadline]:
    """The one deadline of each, by the review's id."""
    return {each.subject_id: each for each in deadlines.of_many(SUBJECT, [each.id for each in reviews])}


def departments(power_list: PowerList) -> dict[int, Organisation]:
    """Whoever has matters in the list as it holds today, by id; what belongs to no known body is the office's."""
    revision = publishing.current(Subject.LIST, power_list.id, clock.today())
    if revision is None:
        return {}
    ids = set(
        db.session.scalars(
            select(PublishedMatter.organisation_id)
            .where(PublishedMatter.revision_id == revision.id)
            .distinct()
        )
    )
    office = office_of(power_list)
    if None in ids and office is not None:
        ids.add(office.id)
    # A department that ended since files nothing: whoever went on with its work does.
    standing = standing_bodies({each for each in ids if each is not None})
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(standing)))
    return {each.id: each for each in found}


def first_days(power_list: PowerList, organisation_ids: Collection[int]) -> dict[int, date]:
    """From which day each of these departments first had a matter in the list, by its id."""
    office = office_of(power_list)
    owner = func.coalesce(PublishedMatter.organisation_id, office.id if office else 0)
    wanted = (
        select(owner, func.min(Revision.effective_on))
        .join(Revision, Revision.id == PublishedMatter.revision_id)
        .where(
            Revision.subject == Subject.LIST,
            Revision.subject_id == power_list.id,
            Revision.state == RevisionState.PUBLISHED,
            # From an older state that was entered later nothing is counted.
            Revision.rank == Revision.number,
            owner.in_(organisation_ids),
        )
        .group_by(owner)
    )
    return dict(db.session.execute(wanted).all())


def matters(review: Review) -> Sequence[PublishedMatter]:
    """The matters of a review that is not filed yet: the department's in the list as it holds today."""
    revision = publishing.current(Subject.LIST, review.list_id, clock.today())
    if revision is None:
        return []
    # Of a department that went into this one since, the matters that are this one's in the working copy.
    taken_over = select(Matter.id).where(Matter.organisation_id == review.organisation_id)
    theirs = or_(
        PublishedMatter.organisation_id == review.organisation_id,
        and_(
            PublishedMatter.organisation_id.in_(forebears(review.organisation_id)),
            PublishedMatter.matter_id.in_(taken_over),
        ),
    )
    office = office_of(review.power_list)
    if office is not None and office.id == review.organisation_id:
        theirs = or_(theirs, PublishedMatter.organisation_id.is_(None))
    wanted = select(PublishedMatter).where(PublishedMatter.revision_id == revision.id, theirs)
    return db.session.scalars(wanted.order_by(PublishedMatter.position)).all()


def part(state: ReviewState, units: Select[int] | None, page: int, size: int) -> Part:
    """One page, from 1, of the reviews in a state: those to file by their days, those filed the newest first.

    `units` are ids of the departments; None gives everybody's.
    """
    wanted = _of(select(Review), state, units)
    if state is ReviewState.DUE:
        about = and_(Deadline.subject_kind == SUBJECT, Deadline.subject_id == Review.id)
        # What is history alarms nobody and stands last (T-7).
        wanted = wanted.outerjoin(Deadline, about).order_by(Deadline.history, Deadline.due_on, Review.id)
    else:
        wanted = wanted.order_by(Review.filed_at.desc(), Review.id.desc())
    loaded = wanted.options(joinedload(Review.power_list), joinedload(Review.organisation))
    found = db.session.scalars(loaded.offset((page - 1) * size).limit(size)).all()
    return Part(found, deadlines_of(found), outcomes(found), size_of(state, units))


def size_of(state: ReviewState, units: Select[int] | None) -> int:
    """How many reviews are in a state."""
    return db.session.scalar(_of(select(func.count(Review.id)), state, units)) or 0


def outcomes(reviews: Sequence[Review]) -> dict[int, Counter[Outcome]]:
    """How many matters are to stay, to change, to be taken back, by the review's id."""
    found: dict[int, Counter[Outcome]] = {each.id: Counter() for each in reviews}
    wanted = (
        select(ReviewLine.review_id, ReviewLine.outcome, func.count())
        .where(ReviewLine.review_id.in_(found))
        .group_by(ReviewLine.review_id, ReviewLine.outcome)
    )
    for review_id, outcome, count in db.session.execute(wanted):
        found[review_id][outcome] = count
    return found


def _of(wanted: Select[Any], state: ReviewState, units: Select[int] | None) -> Select[Any]:
    chosen = wanted.where(Review.state == state)
    return chosen if units is None else chosen.where(Review.organisation_id.in_(units))
