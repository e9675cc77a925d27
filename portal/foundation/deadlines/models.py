"""What is owed, what became of it, and the calendar feeds of those who owe."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.reminding.rules import Level
from portal.foundation.deadlines.rules import Counting, EventKind, PauseCause, State
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Clause

_RUNNING = "state IN ('open', 'paused')"
_LIVE = f"{_RUNNING} AND NOT history"

LIVE = text("deadlines.state IN ('open', 'paused') AND NOT deadlines.history")
"""What is owed and alarms; a query that says it in these very words reads the small indexes of the live rows."""

RUNNING = text("deadlines.state IN ('open', 'paused')")
"""The same with history."""

DONE = text("deadlines.state = 'fulfilled' AND NOT deadlines.history")
"""What was done, likewise."""

PAST = text("deadlines.history")
"""What was entered long after its day, likewise (T-7)."""


def _index(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Deadline(Base):
    """Somebody owes something by a day (T-1).

    `subject_kind` and `subject_id` are the record that it is about, `list_id` the power list, known to lower floors by
    name and number only. `due_on` follows from the terms, the pauses and the extensions by the calendar of
    `calendar_version`. `reminds_from` is the day before which no step of reminding counts: the opening, or the last
    change of the date. Of a live one `reminded_step` is the newest step that went out and `reminded_level` how far.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("kind", "subject_kind", "subject_id", "owed_by_id"),
        CheckConstraint("(fixed_on IS NULL) <> (counting = 'fixed_day')", name="fixed_day_has_its_day"),
        CheckConstraint("(done_on IS NULL) = (state <> 'fulfilled')", name="fulfilled_on_a_day"),
        Index("ix_deadlines_subject", "subject_kind", "subject_id"),
        # What is closed lies beside these: the board and the reminders cost as much as there is owed.
        _index("ix_deadlines_live", "due_on", "id", where=_LIVE),
        _index("ix_deadlines_live_unit", "owed_by_id", "due_on", where=_LIVE),
        _index("ix_deadlines_calendar", "calendar_version", "owed_by_id", where=_RUNNING),
        _index("ix_deadlines_done", "done_on", "id", where="state = 'fulfilled' AND NOT history"),
        _index("ix_deadlines_history", "due_on", "id", where="history"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    owed_by_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    owed_to_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    list_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(255))
    clause_id: Mapped[int | None] = mapped_column(ForeignKey("clauses.id", ondelete="SET NULL"))
    basis: Mapped[str] = mapped_column(String(255), default="")
    begins_on: Mapped[date]
    counting: Mapped[Counting]
    amount: Mapped[int] = mapped_column(default=0)
    rolls: Mapped[bool] = mapped_column(default=True)
    fixed_on: Mapped[date | None]
    opened_on: Mapped[date]
    due_on: Mapped[date]
    expected: Mapped[bool] = mapped_column(default=False)
    state: Mapped[State] = mapped_column(default=State.OPEN)
    history: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]
    calendar_version: Mapped[int]
    reminds_from: Mapped[date]
    reminded_step: Mapped[str] = mapped_column(String(32), default="")
    reminded_level: Mapped[int] = mapped_column(SmallInteger, default=0)

    @property
    def reminded_to(self) -> Level:
        """How far the newest reminder has risen."""
        return Level(self.reminded_level)

    owed_by: Mapped[Organisation] = relationship(foreign_keys=[owed_by_id])
    owed_to: Mapped[Organisation | None] = relationship(foreign_keys=[owed_to_id])
    person: Mapped[Account | None] = relationship()
    place: Mapped[Place | None] = relationship()
    clause: Mapped[Clause | None] = relationship()
    pauses: Mapped[list[DeadlinePause]] = relationship(order_by="DeadlinePause.id")
    extensions: Mapped[list[DeadlineExtension]] = relationship(order_by="DeadlineExtension.id")


class DeadlinePause(Base):
    """A stretch that was not counted (行政许可法 45); while it lasts `ends_on` is empty, and there is one at most."""

    __tablename__ = "deadline_pauses"
    __table_args__ = (
        Index(
            "uq_deadline_pauses_lasting",
            "deadline_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    cause: Mapped[PauseCause]
    reason: Mapped[str] = mapped_column(Text, default="")
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]


class DeadlineExtension(Base):
    """More days, or a later day, with the reason and who granted it (T-3)."""

    __tablename__ = "deadline_extensions"
    __table_args__ = (CheckConstraint("(days > 0) <> (until IS NOT NULL)", name="days_or_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    days: Mapped[int] = mapped_column(default=0)
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[str] = mapped_column(String(128))


class DeadlineEvent(Base):
    """One thing that was done with a deadline; never changed.

    `by_id` is the account, none for the system. Where the last day moved, `old_due` and `new_due` say from where to
    where.
    """

    __tablename__ = "deadline_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    kind: Mapped[EventKind]
    happened_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    old_due: Mapped[date | None]
    new_due: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[Account | None] = relationship()


class CalendarFeed(Base):
    """The address at which an organisation's deadlines are read by a calendar program; its secret is kept hashed."""

    __tablename__ = "calendar_feeds"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))

    organisation: Mapped[Organisation] = relationship()
    made_by: Mapped[Account] = relationship()
