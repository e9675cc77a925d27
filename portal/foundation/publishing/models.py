"""Proposals, revisions, and the head that two publishers race for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.publishing.rules import Nature, ProposalState, RevisionState, Subject
from portal.foundation.runs.models import Run


def _own_subject(context: Any) -> int:
    return int(context.get_current_parameters()["subject_id"])


def _base_number(context: Any) -> int:
    return int(context.get_current_parameters()["base_number"])


def _own_number(context: Any) -> int:
    return int(context.get_current_parameters()["number"])


def _number_before(context: Any) -> int:
    return int(context.get_current_parameters()["number"]) - 1


class Proposal(Base):
    """A working copy put forward for publication; bound to its content by `content_hash`.

    It becomes a revision of `target_id`: itself, unless it is an older state of another, entered afterwards (补录): it
    has then a `rank`: the number of the decision after which it stands in time, 0 for none.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("decided_for_id IS NULL OR decided_for_id <> proposed_by_id", name="two_people_for"),
        # One open proposal binds a working copy; of two people who put it forward at once, one is told.
        Index(
            "uq_proposals_open",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'approved')"),
            postgresql_where=text("state IN ('proposed', 'approved')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject]
    subject_id: Mapped[int]
    target_id: Mapped[int] = mapped_column(default=_own_subject)
    rank: Mapped[int | None]
    state: Mapped[ProposalState] = mapped_column(default=ProposalState.PROPOSED, index=True)
    nature: Mapped[Nature] = mapped_column(default=Nature.ADJUSTMENT)
    title: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    hurry: Mapped[str] = mapped_column(
        Text, default="", comment="why it was put forward while bodies were still asked"
    )
    effective_on: Mapped[date]
    base_number: Mapped[int] = mapped_column(comment="the revision it was made against; 0 for none")
    compared_with: Mapped[int] = mapped_column(default=_base_number)
    content_hash: Mapped[str] = mapped_column(String(64))
    difference: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(Text, default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))

    proposed_by: Mapped[Account] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
    decided_for: Mapped[Account | None] = relationship(foreign_keys=[decided_for_id])
    run: Mapped[Run | None] = relationship()


class Revision(Base):
    """A published state that never changes (P-3); `content` is its frame, its rows lie in the slice's tables.

    `number` tells in which order states were made public, `rank` which of them goes before another on a day: the number
    itself, but of an older state that was entered afterwards (补录) the number of the decision after which it stands in
    time, 0 for none. `difference` is against the revision before it in time, `compared_with`; both are written anew
    when an older state is entered in between, and what was approved stays with the proposal.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject]
    subject_id: Mapped[int]
    number: Mapped[int]
    rank: Mapped[int] = mapped_column(default=_own_number)
    compared_with: Mapped[int] = mapped_column(default=_number_before)
    state: Mapped[RevisionState] = mapped_column(default=RevisionState.PREPARING, index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), unique=True)
    nature: Mapped[Nature] = mapped_column(default=Nature.ADJUSTMENT)
    title: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    effective_on: Mapped[date]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    difference: Mapped[dict[str, Any]] = mapped_column(default=dict)
    closed_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None]
    closing_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    closed_for_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    proposal: Mapped[Proposal] = relationship()
    closed_by: Mapped[Account | None] = relationship(foreign_keys=[closed_by_id])
    closed_for: Mapped[Account | None] = relationship(foreign_keys=[closed_for_id])

    @property
    def entered(self) -> bool:
        """Whether it is an older state that was entered after later ones had been made public (补录)."""
        return self.rank != self.number

    @property
    def order(self) -> tuple[int, date, int]:
        """Which of two revisions of a subject is the newer one in time: the greater (rules.Issue.order)."""
        return (self.rank, self.effective_on, self.number)

    @property
    def told_as_erratum(self) -> bool:
        """Whether it is an erratum and its difference is still against the revision whose words it corrects."""
        return self.nature is Nature.ERRATUM and self.compared_with == self.proposal.compared_with

    @property
    def first(self) -> bool:
        """Whether none stands before it in time."""
        return not self.compared_with


class Head(Base):
    """The number of a subject's newest revision: taken by compare-and-swap, so one of two publishers wins."""

    __tablename__ = "heads"

    subject: Mapped[Subject] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
