"""Handing a table in, and what became of its rows."""

from __future__ import annotations

from jobs.runs import work_off
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.imports.rows import queries, service
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import row_kind
from portal.foundation.imports.rows.rules import RowsState


def handed_in(kind: str, text: str, by: Account) -> RowTable:
    """A table of a kind, handed in as CSV and read."""
    table = service.receive(text.encode(), name="表.csv", kind=kind, by=by)
    db.session.commit()
    work_off()
    return queries.own(table.id, by, {kind})


def written(table: RowTable, by: Account) -> None:
    """Its rows are written."""
    service.carry_out(table, by=by)
    db.session.commit()
    work_off()
    assert table.state is RowsState.APPLIED


def fates(table: RowTable) -> list[str]:
    """What would become, or became, of each row."""
    return [row["fate"] for row in table.report]


def present(kind: str, by: Account) -> str:
    """The table as it is taken along."""
    of = row_kind(kind)
    lines = [[column.labels[0] for column in of.columns]]
    lines += [[of.text(each)[column.name] for column in of.columns] for each in of.every(by)]
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n"
