"""Uploads, their tables, and what a person must settle before they go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.imports.rules import QuestionKind, TableState, UploadState
from portal.foundation.places.models import Place
from portal.foundation.policies.models import Policy
from portal.foundation.runs.models import Run


class Upload(Base):
    """A file handed in for reading, by whom, for which issuing place and policy."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id"))
    state: Mapped[UploadState] = mapped_column(default=UploadState.WAITING)
    refusal: Mapped[str] = mapped_column(Text, default="")
    skipped: Mapped[list[Any]] = mapped_column(default=list)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    file: Mapped[StoredFile] = relationship()
    place: Mapped[Place] = relationship()
    policy: Mapped[Policy | None] = relationship()
    run: Mapped[Run | None] = relationship()
    created_by: Mapped[Account] = relationship()
    tables: Mapped[list[ImportedTable]] = relationship(
        back_populates="upload", cascade="all, delete-orphan", order_by="ImportedTable.position"
    )


class ImportedTable(Base):
    """One list read of an upload: `content` is the table as `flask lists read` prints it.

    `target_id` is the record that it becomes (for delegation lists: power_lists.id), once chosen.
    """

    __tablename__ = "imported_tables"
    __table_args__ = (UniqueConstraint("upload_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(255))
    content: Mapped[dict[str, Any]]
    state: Mapped[TableState] = mapped_column(default=TableState.OPEN)
    target_id: Mapped[int | None]
    applied_at: Mapped[datetime | None]

    upload: Mapped[Upload] = relationship(back_populates="tables")
    questions: Mapped[list[Question]] = relationship(
        back_populates="table", cascade="all, delete-orphan", order_by="Question.line, Question.id"
    )


class Question(Base):
    """Something only a person can decide; `answer` says how it was settled, by whom and when."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("imported_tables.id", ondelete="CASCADE"), index=True)
    kind: Mapped[QuestionKind]
    code: Mapped[str] = mapped_column(String(48))
    line: Mapped[int] = mapped_column(default=0)
    field: Mapped[str] = mapped_column(String(32), default="")
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer: Mapped[dict[str, Any] | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    settled_at: Mapped[datetime | None]

    table: Mapped[ImportedTable] = relationship(back_populates="questions")
    settled_by: Mapped[Account | None] = relationship()
