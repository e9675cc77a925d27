"""What a list asks for after each publication, and what was done for one of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.deadlines.rules import Counting
from portal.foundation.files.models import StoredFile
from portal.foundation.publishing.models import Revision
from portal.powers.filings.rules import FilingKind, FilingState
from portal.powers.lists.models import PowerList


class FilingTerms(Base):
    """To whom a list is filed or where it is announced, within how many days, under which clause.

    `name` is the body or the channel, `copies` who else gets the paper. `modes` are those whose matters it is about,
    empty for all of them.
    """

    __tablename__ = "filing_terms"
    __table_args__ = (
        UniqueConstraint("list_id", "kind", "name"),
        CheckConstraint("amount > 0", name="some_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("power_lists.id"))
    kind: Mapped[FilingKind]
    name: Mapped[str] = mapped_column(String(128))
    copies: Mapped[str] = mapped_column(String(255), default="")
    modes: Mapped[list[Any]] = mapped_column(default=list)
    counting: Mapped[Counting]
    amount: Mapped[int]
    basis: Mapped[str] = mapped_column(String(255))

    power_list: Mapped[PowerList] = relationship()


class Filing(Base):
    """One of them for one revision, with its proof; its date is a deadline, kept there alone."""

    __tablename__ = "filings"
    __table_args__ = (
        UniqueConstraint("terms_id", "revision_id"),
        CheckConstraint("(state = 'due') = (done_on IS NULL)", name="done_on_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    terms_id: Mapped[int] = mapped_column(ForeignKey("filing_terms.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    state: Mapped[FilingState] = mapped_column(default=FilingState.DUE)
    done_on: Mapped[date | None]
    address: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    done_at: Mapped[datetime | None]
    receipt_on: Mapped[date | None]
    receipt_file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))

    terms: Mapped[FilingTerms] = relationship()
    revision: Mapped[Revision] = relationship()
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id])
    receipt_file: Mapped[StoredFile | None] = relationship(foreign_keys=[receipt_file_id])
    done_by: Mapped[Account | None] = relationship()
