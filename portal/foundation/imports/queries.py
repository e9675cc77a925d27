"""Reading uploads and their tables."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.errors import NotFound
from portal.foundation.imports.models import ImportedTable, Upload


def newest(limit: int = 50) -> Sequence[Upload]:
    """The newest uploads first."""
    return db.session.scalars(select(Upload).order_by(Upload.id.desc()).limit(limit)).all()


def upload(upload_id: int) -> Upload:
    """The upload with this id; NotFound otherwise."""
    found = db.session.get(Upload, upload_id)
    if found is None:
        raise NotFound("没有这次导入。")
    return found


def table(table_id: int) -> ImportedTable:
    """The table of an upload with this id; NotFound otherwise."""
    found = db.session.get(ImportedTable, table_id)
    if found is None:
        raise NotFound("没有这份表。")
    return found
