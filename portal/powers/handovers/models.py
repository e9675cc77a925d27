"""What a list asks of its places, each place's plan, and everything that was filed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.rules import Counting
from portal.foundation.files.models import StoredFile
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause
from portal.powers.handovers.rules import Begin, PlanState, Verdict
from portal.powers.lists.models import PowerList


class HandoverTerms(Base):
    """One paper that every place of a list files, and by when (H-1): 承接落实方案, 6月底前.

    `paper` is what the document calls it. `counts_from` is what a counted period starts from, `basis` the document's
    words of it, as people cite them.
    """

    __tablename__ = "handover_terms"
    __table_args__ = (
        UniqueConstraint("list_id", "paper"),
        CheckConstraint("(fixed_on IS NULL) <> (counting = 'fixed_day')", name="fixed_day_has_its_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"))
    paper: Mapped[str] = mapped_column(String(64))
    counting: Mapped[Counting]
    amount: Mapped[int] = mapped_column(default=0)
    fixed_on: Mapped[date | None]
    counts_from: Mapped[Begin] = mapped_column(default=Begin.ISSUED)
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clauses.id", ondelete="SET NULL"))
    basis: Mapped[str] = mapped_column(String(255), default="")

    power_list: Mapped[PowerList] = relationship()
    clause: Mapped[Clause | None] = relationship()


class HandoverCorrection(Base):
    """That terms were written down wrongly: what they said until then, and why they were put right; never changed."""

    __tablename__ = "handover_corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("handover_terms.id"), index=True)
    counting: Mapped[Counting]
    amount: Mapped[int]
    fixed_on: Mapped[date | None]
    counts_from: Mapped[Begin]
    basis: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[Account] = relationship()


class HandoverPlan(Base):
    """What one place owes under the terms; its date is a deadline, kept there alone."""

    __tablename__ = "handover_plans"
    __table_args__ = (UniqueConstraint("terms_id", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("handover_terms.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    state: Mapped[PlanState] = mapped_column(default=PlanState.DUE)

    terms: Mapped[HandoverTerms] = relationship()
    place: Mapped[Place] = relationship()


class HandoverFiling(Base):
    """One paper as it was handed in; never changed but for the verdict on it.

    `receivers` is whom the place had named by then, a department at a time (queries.Handing.stored). Whoever filed it
    does not decide on it.
    """

    __tablename__ = "handover_filings"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> filed_by_id", name="two_people"),
        # At most one waits for a verdict, whoever files at the same moment.
        Index(
            "uq_handover_filings_waiting",
            "plan_id",
            unique=True,
            sqlite_where=text("verdict IS NULL"),
            postgresql_where=text("verdict IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("handover_plans.id"))
    number: Mapped[int]
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    receivers: Mapped[list[Any]] = mapped_column(default=list)
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    filed_at: Mapped[datetime] = mapped_column(default=clock.now)
    verdict: Mapped[Verdict | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    reasons: Mapped[str] = mapped_column(Text, default="")

    plan: Mapped[HandoverPlan] = relationship()
    file: Mapped[StoredFile] = relationship()
    filed_by: Mapped[Account] = relationship(foreign_keys=[filed_by_id])
    decided_by: Mapped[Account | None] = relationship(foreign_keys=[decided_by_id])
