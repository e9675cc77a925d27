"""Background work that this person began: named by what it is about, the file or the list, not by its number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.foundation.files.models import StoredFile
from portal.foundation.imports.models import Upload
from portal.foundation.imports.rows.models import RowTable
from portal.foundation.imports.rows.registry import row_kind
from portal.foundation.publishing.models import Proposal
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.i18n import gettext as _


def subjects(runs: Iterable[Run]) -> dict[int, str]:
    """What each run is about, by its id, by one question a kind; those that no person begins are left out."""
    about = {
        RunKind.READ_ANNEX: _uploads,
        RunKind.PUBLISH: _proposals,
        RunKind.READ_ROWS: _tables,
        RunKind.WRITE_ROWS: _tables,
    }
    begun = [run for run in runs if run.kind in about]
    named: dict[tuple[Any, int], str] = {}
    for naming in {about[run.kind] for run in begun}:
        ids = {run.subject_id for run in begun if about[run.kind] is naming}
        named |= {(naming, key): said for key, said in naming(ids).items()}
    found = ((run.id, named.get((about[run.kind], run.subject_id), "")) for run in begun)
    return {run_id: said for run_id, said in found if said}


def _uploads(ids: set[int]) -> dict[int, str]:
    return _pairs(select(Upload.id, StoredFile.name).join(Upload.file).where(Upload.id.in_(ids)))


def _proposals(ids: set[int]) -> dict[int, str]:
    return _pairs(select(Proposal.id, Proposal.title).where(Proposal.id.in_(ids)))


def _tables(ids: set[int]) -> dict[int, str]:
    wanted = select(RowTable.id, RowTable.kind, StoredFile.name).outerjoin(RowTable.file)
    found = db.session.execute(wanted.where(RowTable.id.in_(ids)))
    return {key: name or _(row_kind(kind).label) for key, kind, name in found}


def _pairs(wanted: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(wanted)}
