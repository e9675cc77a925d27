"""Uploads that are still being settled pass on when the person who handed them in leaves (accounts.handing)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

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


def _counts(units: Mapping[int, Units]) -> Mapping[int, int]:
    """By person; an upload counts for the place that it is for, where one of the person's bodies is there."""
    own = {(key, body.place_id) for key, bodies in units.items() for body in bodies}
    tables = select(ImportedTable.upload_id).where(ImportedTable.state == TableState.OPEN)
    wanted = (
        select(Upload.created_by_id, Upload.place_id, func.count(Upload.id))
        .where(Upload.created_by_id.in_(units), Upload.id.in_(tables))
        .group_by(Upload.created_by_id, Upload.place_id)
    )
    counts: Counter[int] = Counter()
    for key, place, count in db.session.execute(wanted):
        counts[key] += count if (key, place) in own else 0
    return counts


def _pass_on(leaver: Account, successor: Account, units: Units) -> int:
    found = _open(leaver, units)
    for each in found:
        each.created_by_id = successor.id
    return len(found)


OPEN = Holding(mark("还没有并入清单的导入"), _counts, _pass_on)
