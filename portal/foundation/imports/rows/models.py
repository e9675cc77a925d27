"""Tables of rows, handed in or chosen, each with its report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.db import Base
from portal.foundation.accounts.models import Account
from portal.foundation.files.models import StoredFile
from portal.foundation.imports.rows.rules import RowsState
from portal.foundation.runs.models import Run


class RowTable(Base):
    """A file of rows for one kind of record, or an act on records that were chosen, each of them a row.

    `given`: [{field: text}, …], the rows of an act; a file has its own. `report`: [{"line", "fate", "values":
    {field: text}, "before": {field: text} | null, "said": {field: text}, "why": [text, {value: …}] | null}, …], a row
    for each row; `left_out` are lines that the person leaves out.
    """

    __tablename__ = "row_tables"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_id: Mapped[str | None] = mapped_column(ForeignKey("files.id"))
    given: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[RowsState] = mapped_column(default=RowsState.WAITING)
    refusal: Mapped[str] = mapped_column(Text, default="")
    report: Mapped[list[Any]] = mapped_column(default=list)
    left_out: Mapped[list[Any]] = mapped_column(default=list)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    applied_at: Mapped[datetime | None]

    file: Mapped[StoredFile | None] = relationship()
    run: Mapped[Run | None] = relationship()
    created_by: Mapped[Account] = relationship()

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The rows that would change something and are not left out."""
        return [
            row
            for row in self.report
            if row["fate"] in ("new", "change", "gone") and row["line"] not in self.left_out
        ]
