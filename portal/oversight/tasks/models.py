"""Tasks, their units, milestones and progress reports. Dates, and what became of them, are kept as deadlines alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.organisations.models import Organisation
from portal.foundation.policies.models import Clause, Policy
from portal.foundation.siteversion.models import shown
from portal.oversight.tasks.rules import Dating, UnitRole


@shown
class Task(Base):
    """Something that a document sets (K-1), under a code that is unique within it.

    `text` is the duty in the document's words where it is only a part of the clause, else empty: then the clause is
    the duty. `responsible` is the line of responsible units as printed, groups and all. `office` watches over the
    task and answers for it where the document names no lead.
    """

    __tablename__ = "tasks"
    __table_args__ = (UniqueConstraint("policy_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clauses.id", ondelete="SET NULL"))
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(Text, default="")
    dating: Mapped[Dating]
    begins_on: Mapped[date]
    office_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    published: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    policy: Mapped[Policy] = relationship()
    clause: Mapped[Clause | None] = relationship()
    office: Mapped[Organisation] = relationship()
    units: Mapped[list[TaskUnit]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="TaskUnit.position"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        back_populates="task", cascade="all, delete-orphan", order_by="Milestone.position"
    )

    @property
    def leads(self) -> list[Organisation]:
        """The units that lead it, in the document's order; none where it names none."""
        return [each.organisation for each in self.units if each.role is UnitRole.LEAD]

    @property
    def partners(self) -> list[Organisation]:
        """The units that take part and are known by name."""
        return [each.organisation for each in self.units if each.role is UnitRole.PARTNER]

    @property
    def answers(self) -> Organisation:
        """The one unit that owes its dates: the lead named first, else the office that watches over it."""
        return next(iter(self.leads), self.office)

    @property
    def concerned(self) -> list[Organisation]:
        """The units that lead it or take part in it, and the office that watches over it."""
        return [*(each.organisation for each in self.units), self.office]

    @property
    def answering(self) -> list[Organisation]:
        """Everybody who answers for its dates: all leads, else the office."""
        return self.leads or [self.office]

    @property
    def words(self) -> str:
        """The duty in the document's words."""
        return self.text or (self.clause.text if self.clause else "")


@shown
class TaskUnit(Base):
    """One unit of a task and what it has to do with it."""

    __tablename__ = "task_units"
    __table_args__ = (UniqueConstraint("task_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[UnitRole]
    position: Mapped[int] = mapped_column(default=0)

    task: Mapped[Task] = relationship(back_populates="units")
    organisation: Mapped[Organisation] = relationship()


@shown
class Milestone(Base):
    """A part of a task with a date. The date is its deadline's; `printed` is how the document says it (7月底前)."""

    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    printed: Mapped[str] = mapped_column(String(64), default="")
    position: Mapped[int] = mapped_column(default=0)

    task: Mapped[Task] = relationship(back_populates="milestones")


@shown
class ProgressReport(Base):
    """How far a unit says a task is, on a day: per cent, in words, with evidence. Never changed; a newer one holds."""

    __tablename__ = "progress_reports"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        Index("ix_progress_reports_task", "task_id", "reported_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    reported_on: Mapped[date]
    percent: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[Account] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(
        cascade="all, delete-orphan", order_by="Evidence.position"
    )


class Evidence(Base):
    """A file that shows what a report says; for staff alone."""

    __tablename__ = "progress_evidence"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("progress_reports.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    file: Mapped[StoredFile] = relationship()
