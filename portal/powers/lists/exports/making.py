"""The EXPORT run: makes every file of a revision that is not made yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.files import service as files
from portal.foundation.files.models import StoredFile
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.foundation.runs.models import Run
from portal.foundation.runs.rules import RunKind
from portal.foundation.runs.service import start
from portal.foundation.runs.work import Work
from portal.powers.lists.exports import annex, answers, changes, listing
from portal.powers.lists.exports.form import TooLong
from portal.powers.lists.exports.formats import (
    MEDIA_TYPES,
    ending_of,
    file_name,
    keys,
    retried,
    saying_stops,
)
from portal.powers.lists.models import RevisionFile
from portal.sheets.writing import DoesNotFit
from portal.typesetting.press import SignsMissing

log = structlog.get_logger(__name__)

Writer = Callable[[Revision, Path], None]

WRITERS: dict[str, Writer] = {
    "csv": listing.to_csv,
    "xlsx": listing.to_xlsx,
    "json": listing.to_json,
    "answers.csv": answers.to_csv,
    "answers.xlsx": answers.to_xlsx,
    "answers.json": answers.to_json,
    "changes.csv": changes.to_csv,
    "changes.xlsx": changes.to_xlsx,
    "changes.json": changes.to_json,
    "pdf": annex.to_pdf,
    "docx": annex.to_docx,
}


def make(run: Run, work: Work) -> dict[str, Any]:
    """Carry out an EXPORT run: `run.subject_id` is the revision. What is there already is left as it is.

    A file that cannot be is written down with the reason. Raises RowsDiffer when a file would not hold exactly
    the revision's rows, or JSON not its hash, and TypesettingFailed when a page was not finished.
    """
    revision = db.session.get_one(Revision, run.subject_id)
    wanted = keys(revision)
    for done, name in enumerate(wanted):
        if not (present := db.session.get(RevisionFile, (revision.id, name))) or retried(present.reason):
            file, reason = made(partial(WRITERS[name], revision), file_name(revision, name))
            kept = present or RevisionFile(revision_id=revision.id, format=name)
            kept.file, kept.reason = file, reason
            db.session.add(kept)
        work.step(done + 1, len(wanted))
    return {"formats": list(wanted)}


def made(write: Callable[[Path], None], name: str) -> tuple[StoredFile | None, str]:
    """The stored file that `write` makes at the path it is given, or none and why there can be none.

    The reason is "long", or "signs" with the characters that no font holds.
    """
    ending = ending_of(name)
    with TemporaryDirectory(prefix="remit-") as folder:
        path = Path(folder) / f"export.{ending}"
        try:
            write(path)
        except (DoesNotFit, TooLong) as error:
            log.info("a file would be too long", name=name, error=str(error))
            return None, "long"
        except SignsMissing as error:
            log.warning("no font holds some characters", name=name, signs=error.signs)
            return None, f"signs {error.signs}"[:255]
        return files.store(path, name=name, media_type=MEDIA_TYPES[ending]), ""


def exported(revision: Revision, name: str) -> StoredFile | None:
    """One file of a revision by its key; None until it is made, and where it cannot be."""
    found = db.session.get(RevisionFile, (revision.id, name))
    return found.file if found else None


def all_exported(revision: Revision) -> dict[str, RevisionFile]:
    """What was made of a revision, by key, in the order of `keys`."""
    wanted = select(RevisionFile).where(RevisionFile.revision_id == revision.id)
    rows = db.session.scalars(wanted.options(joinedload(RevisionFile.file)))
    found = {row.format: row for row in rows}
    return {name: found[name] for name in keys(revision) if name in found}


def made_anew(revision: Revision) -> None:
    """Take the files away that say what is stopped, and ask for them again: something was stopped, or goes on."""
    mine = (RevisionFile.revision_id == revision.id, RevisionFile.format.in_(saying_stops()))
    for each in db.session.scalars(select(RevisionFile).where(*mine)):
        db.session.delete(each)
    db.session.flush()
    start(RunKind.EXPORT, revision.id, by=None)


def lacking() -> list[int]:
    """Ids of the public revisions of lists of which a file is still to be made: some came before their format did."""
    rows = db.session.execute(select(RevisionFile.revision_id, RevisionFile.format, RevisionFile.reason))
    there = {(row.revision_id, row.format) for row in rows if not retried(row.reason)}
    public = select(Revision).where(
        Revision.subject == Subject.LIST, Revision.state == RevisionState.PUBLISHED
    )
    return [
        each.id
        for each in db.session.scalars(public.order_by(Revision.id))
        if any((each.id, name) not in there for name in keys(each))
    ]
