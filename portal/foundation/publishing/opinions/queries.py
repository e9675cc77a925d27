"""Reading opinions: who was asked about what, how each stands, and for how long an asking still runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.queries import bodies_of
from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines.models import RUNNING, Deadline
from portal.foundation.publishing.opinions.models import Opinion, OpinionRound
from portal.foundation.publishing.opinions.rules import Standing, standing
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may

SUBJECT = "opinion"
"""What deadlines call the record that they are about."""

ADDRESS = "/staff/opinions"
"""Where the staff door keeps the opinions: notices and boards lead there."""


@dataclass(frozen=True)
class Said:
    """An opinion with its deadline and how it stands; `late` when it came after its day."""

    opinion: Opinion
    deadline: Deadline | None
    standing: Standing

    @property
    def late(self) -> bool:
        """Whether the answer came after its last day."""
        done, due = (self.deadline.done_on, self.deadline.due_on) if self.deadline else (None, None)
        return done is not None and due is not None and done > due


def get(opinion_id: int) -> Opinion | None:
    """The opinion with this id."""
    return db.session.get(Opinion, opinion_id)


def rounds(subject: Subject, subject_id: int, base_number: int) -> Sequence[OpinionRound]:
    """Every asking about the working copy that follows a revision, the newest first."""
    wanted = select(OpinionRound).where(
        OpinionRound.subject == subject,
        OpinionRound.subject_id == subject_id,
        OpinionRound.base_number == base_number,
    )
    loaded = wanted.options(selectinload(OpinionRound.opinions).joinedload(Opinion.organisation))
    return db.session.scalars(loaded.order_by(OpinionRound.id.desc())).all()


def said(opinions: Iterable[Opinion], today: date) -> list[Said]:
    """Each with its deadline and how it stands on a day, in the order given."""
    every = list(opinions)
    due = {each.subject_id: each for each in deadlines.of_many(SUBJECT, [each.id for each in every])}
    return [_said(each, due.get(each.id), today) for each in every]


def said_in(rounds: Sequence[OpinionRound], today: date) -> list[tuple[OpinionRound, list[Said]]]:
    """Each asking with its opinions as `said` gives them; the deadlines of all of them by one query."""
    every = iter(said([opinion for each in rounds for opinion in each.opinions], today))
    return [(each, [next(every) for _opinion in each.opinions]) for each in rounds]


def running_until(subject: Subject, subject_id: int, base_number: int, today: date) -> date | None:
    """The last day of those that are still waited for; None when nobody is, as all have answered or are late."""
    return db.session.scalar(
        select(func.max(Deadline.due_on))
        .join(Opinion, (Deadline.subject_kind == SUBJECT) & (Deadline.subject_id == Opinion.id))
        .join(Opinion.round)
        .where(
            RUNNING,
            Deadline.due_on >= today,
            OpinionRound.subject == subject,
            OpinionRound.subject_id == subject_id,
            OpinionRound.base_number == base_number,
        )
    )


def asked_of(account: Account, limit: int = 100) -> Sequence[Opinion]:
    """What the account's body, or a body of the places that it is bound to, was asked: unanswered first, newest."""
    own = bodies_of(account, Right.GIVE_OPINIONS)
    wanted = select(Opinion).options(joinedload(Opinion.round), joinedload(Opinion.organisation))
    if own is not None:
        wanted = wanted.where(Opinion.organisation_id.in_(own))
    return db.session.scalars(
        wanted.order_by(Opinion.stance.is_not(None), Opinion.id.desc()).limit(limit)
    ).all()


def newest_rounds(limit: int = 50) -> Sequence[OpinionRound]:
    """The newest askings of everybody."""
    wanted = select(OpinionRound).options(selectinload(OpinionRound.opinions))
    return db.session.scalars(wanted.order_by(OpinionRound.id.desc()).limit(limit)).all()


def may_answer(account: Account, opinion: Opinion) -> bool:
    """Whether the account speaks for the body: one of its people, or one bound to its place (R-3)."""
    return may(account, Right.GIVE_OPINIONS, organisation=opinion.organisation)


def _said(opinion: Opinion, deadline: Deadline | None, today: date) -> Said:
    due_on = deadline.due_on if deadline and deadline.state.running else date.min
    return Said(opinion, deadline, standing(opinion.stance, due_on, today))
