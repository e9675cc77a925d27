"""How often a list is reviewed, the reviews, and what was said of each matter."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation
from portal.foundation.publishing.models import Revision
from portal.powers.lists.models import PowerList
from portal.powers.matters.models import Matter
from portal.powers.reviews.rules import USUAL_MONTHS, Outcome, ReviewState, Said


class ReviewTerms(Base):
    """How many months lie between two reviews of a list, and on what basis; a list without a row takes the usual."""

    __tablename__ = "review_terms"
    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 60", name="months"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"), primary_key=True)
    months: Mapped[int] = mapped_column(default=USUAL_MONTHS)
    basis: Mapped[str] = mapped_column(String(255), default="")

    power_list: Mapped[PowerList] = relationship()


class Review(Base):
    """One department's review of its matters in a list; its date is a deadline, kept there alone.

    `number` counts the department's reviews of the list, `begins_on` is the day from which the period is counted.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("list_id", "organisation_id", "number"),
        CheckConstraint("(state = 'filed') = (filed_at IS NOT NULL)", name="filed_at_a_moment"),
        # One at a time, however many processes open what is due.
        Index(
            "uq_reviews_due",
            "list_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[int]
    state: Mapped[ReviewState] = mapped_column(default=ReviewState.DUE)
    begins_on: Mapped[date]
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    filed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")

    power_list: Mapped[PowerList] = relationship()
    organisation: Mapped[Organisation] = relationship()
    filed_by: Mapped[Account | None] = relationship()
    lines: Mapped[list[ReviewLine]] = relationship(order_by="ReviewLine.position")


class ReviewLine(Base):
    """What was said of one matter; `name` and `seq` are those of the list as it was public then."""

    __tablename__ = "review_lines"
    __table_args__ = (
        UniqueConstraint("review_id", "matter_id"),
        CheckConstraint("volume >= 0", name="volume"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    matter_id: Mapped[int] = mapped_column(ForeignKey("matters.id"), index=True)
    position: Mapped[int]
    seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(500))
    volume: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.KEEP)
    problems: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")

    matter: Mapped[Matter] = relationship()
    adjustment: Mapped[ReviewAdjustment | None] = relationship()

    @property
    def said(self) -> Said:
        """The same in the terms of the rules."""
        return Said(self.outcome, self.volume, self.problems, self.note)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to read: it stays as it is, and no word is said of it."""
        return self.outcome is Outcome.KEEP and not self.problems and not self.note


class ReviewAdjustment(Base):
    """The adjustment that was opened for a line of a review; `revision` is the one that made it public."""

    __tablename__ = "review_adjustments"

    line_id: Mapped[int] = mapped_column(ForeignKey("review_lines.id"), primary_key=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id"))

    opened_by: Mapped[Account] = relationship()
    revision: Mapped[Revision | None] = relationship()
