"""A revision as CSV, XLSX and JSON: made once, in the background, row for row what the revision holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.files import service as files
from portal.foundation.files.models import StoredFile
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.service import document_hash
from portal.foundation.runs.models import Run
from portal.foundation.runs.work import Work
from portal.powers.lists import snapshot
from portal.powers.lists.models import PublishedMatter, RevisionFile
from portal.powers.lists.rules import Mode
from portal.sheets.writing import RowsDiffer, write_csv, write_xlsx

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
FIXED = ("序号", "实施部门", "事项编码", "事项名称", "事项类型", "放权方式", "文件中的叫法", "备注", "子项")
WIDTHS = (6, 20, 18, 44, 14, 20, 20, 40, 30)


def make(run: Run, work: Work) -> dict[str, Any]:
    """Carry out an EXPORT run: `run.subject_id` is the revision. What is there already is left as it is.

    Raises RowsDiffer when a file would not hold exactly the revision's rows, or JSON not its hash.
    """
    revision = db.session.get_one(Revision, run.subject_id)
    for done, kind in enumerate(MEDIA_TYPES):
        if exported(revision, kind) is None:
            _make(revision, kind)
        work.step(done + 1, len(MEDIA_TYPES))
    return {"formats": list(MEDIA_TYPES)}


def exported(revision: Revision, kind: str) -> StoredFile | None:
    """The file of a revision in one format (csv, xlsx, json); None until it is made."""
    found = db.session.get(RevisionFile, (revision.id, kind))
    return found.file if found else None


def header(revision: Revision) -> tuple[str, ...]:
    """The columns of CSV and XLSX: the list as printed, then one a place."""
    return (*FIXED, *(place["name"] for place in revision.content["frame"]["places"]))


def records(revision: Revision) -> Iterator[tuple[str | int, ...]]:
    """The revision's rows under that header; modes in words."""
    codes = [place["code"] for place in revision.content["frame"]["places"]]
    for row in snapshot.published_rows(revision):
        yield (
            row.seq,
            row.department,
            row.code,
            row.name,
            row.type,
            Mode(row.mode).label,
            row.mode_label,
            row.remark,
            "；".join(row.sub_items),
            *(Mode(row.answers[code]).label for code in codes),
        )


def _make(revision: Revision, kind: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"export.{kind}"
        _WRITERS[kind](revision, path)
        file = files.store(path, name=file_name(revision, kind), media_type=MEDIA_TYPES[kind])
    db.session.add(RevisionFile(revision_id=revision.id, format=kind, file=file))
    db.session.flush()


def file_name(revision: Revision, kind: str) -> str:
    """A name that says what and when, e.g. 济政字〔2021〕30号 附件1 第1版 2021-06-15.csv."""
    framed = revision.content["frame"]
    parts: Sequence[str] = (framed["policy"], framed["annex"], f"第{revision.number}版")
    return " ".join((*filter(None, parts), f"{revision.effective_on.isoformat()}.{kind}"))


def _count(revision: Revision) -> int:
    wanted = select(func.count()).where(PublishedMatter.revision_id == revision.id)
    return db.session.scalar(wanted) or 0


def _csv(revision: Revision, path: Path) -> None:
    write_csv(path, header(revision), records(revision), expected=_count(revision))


def _xlsx(revision: Revision, path: Path) -> None:
    places = len(revision.content["frame"]["places"])
    write_xlsx(
        path,
        header(revision),
        records(revision),
        sheet=revision.content["frame"]["annex"] or "清单",
        expected=_count(revision),
        widths=(*WIDTHS, *([16] * places)),
    )


def _json(revision: Revision, path: Path) -> None:
    """The document that the hash is over, so that whoever has the file can check it."""
    document = snapshot.render(revision.content["frame"], snapshot.published_rows(revision))
    with path.open("wb") as target:
        for chunk in document:
            target.write(chunk)
    with path.open("rb") as written:
        if document_hash(iter(lambda: written.read(1 << 16), b"")) != revision.hash:
            raise RowsDiffer(f"revision {revision.id}: the document is not the one that was approved")


_WRITERS: dict[str, Callable[[Revision, Path], None]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}
