"""Reads on tables of rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.imports.rows.models import RowTable

NEWEST = 20


def own(table_id: int, by: Account, kinds: Collection[str]) -> RowTable:
    """The person's own table of one of these kinds; NotFound for one that is not there or another's (R-3)."""
    found = db.session.get(RowTable, table_id)
    if found is None or found.created_by_id != by.id or found.kind not in kinds:
        raise NotFound("没有这张表。")
    return found


def newest(kind: str, by: Account) -> Sequence[RowTable]:
    """What this person handed in of the kind, newest first."""
    wanted = select(RowTable).where(RowTable.kind == kind, RowTable.created_by_id == by.id)
    return db.session.scalars(wanted.order_by(RowTable.id.desc()).limit(NEWEST)).all()
