"""Reading proposals and revisions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import defer, joinedload

from portal.db import db
from portal.foundation.publishing.models import Head, Proposal, Revision
from portal.foundation.publishing.rules import Issue, ProposalState, RevisionState, Subject

OPEN = (ProposalState.PROPOSED, ProposalState.APPROVED)
PUBLIC = (RevisionState.PUBLISHED, RevisionState.CLOSED)
IN_TIME = (Revision.rank.desc(), Revision.effective_on.desc(), Revision.number.desc())
"""Revisions of one subject, the newest first (rules.Issue.order)."""


def head_number(subject: Subject, subject_id: int) -> int:
    """The number of the newest published revision; 0 for none."""
    head = db.session.get(Head, (subject, subject_id), populate_existing=True)
    return head.number if head else 0


def revisions(subject: Subject, subject_id: int) -> Sequence[Revision]:
    """Every revision that was made public, closed ones included, newest first in time (P-3)."""
    return db.session.scalars(
        _public().where(Revision.subject == subject, Revision.subject_id == subject_id)
    ).all()


def revision(subject: Subject, subject_id: int, number: int) -> Revision | None:
    """One revision by its number, if it was made public."""
    return db.session.scalar(
        _public().where(
            Revision.subject == subject, Revision.subject_id == subject_id, Revision.number == number
        )
    )


def current(subject: Subject, subject_id: int, day: date) -> Revision | None:
    """The revision that holds on a day (rules.in_force)."""
    return db.session.scalar(_holding(subject, day).where(Revision.subject_id == subject_id).limit(1))


def all_current(subject: Subject, day: date) -> dict[int, Revision]:
    """For every published subject of a kind the revision that holds on a day, by subject id."""
    found: dict[int, Revision] = {}
    for each in db.session.scalars(_holding(subject, day)):
        found.setdefault(each.subject_id, each)
    return found


def holding_ids(subject: Subject, day: date) -> Select[int]:
    """The keys of the revisions that hold on a day, one of each subject of a kind; contents stay where they are."""
    place = func.row_number().over(partition_by=Revision.subject_id, order_by=IN_TIME).label("place")
    line = _holding(subject, day).order_by(None).with_only_columns(Revision.id, place).subquery()
    return select(line.c.id).where(line.c.place == 1)


def newest(subject: Subject, subject_id: int) -> Revision | None:
    """The revision that the next one is compared with, effective already or not; None before the first."""
    return db.session.scalar(
        _public()
        .where(
            Revision.subject == subject,
            Revision.subject_id == subject_id,
            Revision.state == RevisionState.PUBLISHED,
        )
        .limit(1)
    )


def newest_numbers(subject: Subject, subject_ids: Collection[int]) -> dict[int, int]:
    """The numbers of the newest revisions of several subjects; those without one are left out."""
    wanted = (
        select(Revision.subject_id, Revision.number)
        .where(
            Revision.subject == subject,
            Revision.subject_id.in_(subject_ids),
            Revision.state == RevisionState.PUBLISHED,
        )
        .order_by(Revision.rank, Revision.effective_on, Revision.number)
    )
    return dict(db.session.execute(wanted).all())


def oldest(subject: Subject, subject_id: int) -> int | None:
    """The number of the revision that is the first in time of those that can still be read; closed ones cannot."""
    wanted = select(Revision.number).where(
        Revision.subject == subject,
        Revision.subject_id == subject_id,
        Revision.state == RevisionState.PUBLISHED,
    )
    return db.session.scalar(wanted.order_by(Revision.rank, Revision.effective_on, Revision.number).limit(1))


def issues(subject: Subject, subject_id: int) -> list[Issue]:
    """All that was made public of a subject, as `rules` decides on it."""
    wanted = select(Revision.number, Revision.effective_on, Revision.state, Revision.rank).where(
        Revision.subject == subject, Revision.subject_id == subject_id, Revision.state.in_(PUBLIC)
    )
    return [
        Issue(number, begins, state is RevisionState.CLOSED, None if rank == number else rank)
        for number, begins, state, rank in db.session.execute(wanted)
    ]


def latest_changes(limit: int = 10) -> Sequence[Revision]:
    """The newest publications of all kinds by the day of publication (P-7)."""
    wanted = select(Revision).where(Revision.state.in_(PUBLIC))
    return db.session.scalars(
        wanted.order_by(Revision.published_at.desc(), Revision.id.desc()).limit(limit)
    ).all()


def next_change(day: date) -> date | None:
    """The next day on which a published revision begins to hold: until then public pages do not change."""
    return db.session.scalar(
        select(func.min(Revision.effective_on)).where(
            Revision.state == RevisionState.PUBLISHED, Revision.effective_on > day
        )
    )


def open_proposal(subject: Subject, subject_id: int) -> Proposal | None:
    """The proposal that binds the working copy, if there is one."""
    return db.session.scalar(
        select(Proposal).where(
            Proposal.subject == subject, Proposal.subject_id == subject_id, Proposal.state.in_(OPEN)
        )
    )


def under_way(subject: Subject, target_id: int) -> Proposal | None:
    """What is put forward to become a revision of a subject: its working copy or an older state of it."""
    return db.session.scalar(
        select(Proposal).where(
            Proposal.subject == subject, Proposal.target_id == target_id, Proposal.state.in_(OPEN)
        )
    )


def open_proposals(subject: Subject, subject_ids: Collection[int]) -> dict[int, Proposal]:
    """The same for several subjects, by their ids."""
    wanted = select(Proposal).where(
        Proposal.subject == subject, Proposal.subject_id.in_(subject_ids), Proposal.state.in_(OPEN)
    )
    return {each.subject_id: each for each in db.session.scalars(wanted)}


def put_forward(seen: ColumnElement[bool], *, offset: int, limit: int) -> Sequence[Proposal]:
    """Some of those that fit the condition: first what waits for a decision or is being published, then the newest."""
    wanted = (
        select(Proposal)
        .where(seen)
        .options(
            defer(Proposal.difference),
            joinedload(Proposal.proposed_by),
            joinedload(Proposal.decided_by),
            joinedload(Proposal.decided_for),
        )
    )
    ordered = wanted.order_by(Proposal.state.not_in(OPEN), Proposal.id.desc())
    return db.session.scalars(ordered.offset(offset).limit(limit)).all()


def how_many(seen: ColumnElement[bool]) -> int:
    """How many fit the condition."""
    return db.session.scalar(select(func.count(Proposal.id)).where(seen)) or 0


def _public() -> Select[Revision]:
    return select(Revision).where(Revision.state.in_(PUBLIC)).order_by(*IN_TIME)


def _holding(subject: Subject, day: date) -> Select[Revision]:
    return (
        select(Revision)
        .where(
            Revision.subject == subject,
            Revision.state == RevisionState.PUBLISHED,
            Revision.effective_on <= day,
        )
        .order_by(*IN_TIME)
    )
