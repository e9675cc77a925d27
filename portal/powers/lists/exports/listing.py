"""The list as a table, and as the document that the revision's hash is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.service import document_hash
from portal.powers.lists import snapshot
from portal.powers.lists.queries import published_size
from portal.powers.lists.rules import Mode
from portal.powers.lists.stopped import WORD, stopped
from portal.powers.lists.transfers.rules import parts_word, usual_labels
from portal.sheets.writing import RowsDiffer, write_csv, write_xlsx

FIXED = ("序号", "实施部门", "事项编码", "事项名称", "事项类型", "放权方式", "文件中的叫法", "备注", "子项")
WIDTHS = (6, 20, 18, 44, 14, 20, 20, 40, 30)


def header(revision: Revision) -> tuple[str, ...]:
    """The columns of CSV and XLSX: the list as printed, then one a place; the last while something is stopped."""
    last = (WORD,) if stopped(revision) else ()
    fixed = (*FIXED[:-1], parts_word(transfer="bureau" in revision.content["frame"]))
    return (*fixed, *(place["name"] for place in revision.content["frame"]["places"]), *last)


def records(revision: Revision) -> Iterator[tuple[str | int, ...]]:
    """The revision's rows under that header; modes in words."""
    codes = [place["code"] for place in revision.content["frame"]["places"]]
    stops = stopped(revision)
    labels = usual_labels(transfer="bureau" in revision.content["frame"])
    for row in snapshot.published_rows(revision):
        yield (
            row.seq,
            row.department,
            row.code,
            row.name,
            row.type,
            labels[Mode(row.mode)],
            row.mode_label,
            row.remark,
            "；".join(row.sub_items),
            *(labels[Mode(row.answers[code])] for code in codes),
            *([_since(stops.get(row.matter_id))] if stops else ()),
        )


def _since(day: date | None) -> str:
    return f"{day.isoformat()}起" if day else ""


def to_csv(revision: Revision, path: Path) -> None:
    """The table as CSV."""
    write_csv(path, header(revision), records(revision), expected=published_size(revision))


def to_xlsx(revision: Revision, path: Path) -> None:
    """The table as a workbook."""
    places = len(revision.content["frame"]["places"])
    write_xlsx(
        path,
        header(revision),
        records(revision),
        sheet=revision.content["frame"]["annex"] or "清单",
        expected=published_size(revision),
        widths=(*WIDTHS, *([16] * (places + 1))),
    )


def to_json(revision: Revision, path: Path) -> None:
    """The document that the hash is over, so that whoever has the file can check it; RowsDiffer when it is another."""
    document = snapshot.render(revision.content["frame"], snapshot.published_rows(revision))
    with path.open("wb") as target:
        for chunk in document:
            target.write(chunk)
    with path.open("rb") as written:
        if document_hash(iter(lambda: written.read(1 << 16), b"")) != revision.hash:
            raise RowsDiffer(f"revision {revision.id}: the document is not the one that was approved")
