"""Uploads that are still being settled pass on when the person who handed them in leaves (accounts.handing)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.accounts.handing.registry import Holding, Units
from portal.foundation.accounts.models import Account
from portal.foundation.imports.models import ImportedTable, Upload
from portal.foundation.imports.rules import TableState
from portal.i18n import mark


def _open(person: Account, units: Units) -> Sequence[Upload]:
    places = [body.place_id for body in units]
    tables = select(ImportedTable.upload_id).where(ImportedTable.state == TableState.OPEN)
    wanted = select(Upload).where(
        Upload.created_by_id == person.id, Upload.place_id.in_(places), Upload.id.in_(tables)
    )
    return db.session.scalars(wanted.order_by(Upload.id)).all()


def _count(person: Account, units: Units) -> int:
    return len(_open(person, units))


def _pass_on(leaver: Account, successor: Account, units: Units) -> int:
    found = _open(leaver, units)
    for each in found:
        each.created_by_id = successor.id
    return len(found)


OPEN = Holding(mark("还没有并入清单的导入"), _count, _pass_on)
