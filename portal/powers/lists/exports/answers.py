"""The answers of a revision in long form: one row for each matter and place, as the list says it (D-7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import String, func, select, type_coerce

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.snapshot import BATCH
from portal.powers.lists.transfers.rules import usual_labels
from portal.powers.matters.rules import MatterType
from portal.sheets.writing import MOST_ROWS, DoesNotFit, RowsDiffer, write_csv, write_json, write_xlsx

HEADER = ("序号", "事项编码", "事项名称", "事项类型", "实施部门", "地方代码", "地方", "放权方式")
WIDTHS = (6, 18, 44, 14, 20, 14, 20, 20)

Record = tuple[str | int, ...]


def records(revision: Revision) -> Iterator[Record]:
    """The rows under HEADER, by the list's order and then the order of its places; modes in words.

    Reads a batch of matters at a time and no joins, so it takes as long as it is long, in the same memory. Raises
    RowsDiffer for a matter without an answer at one of the places.
    """
    framed = revision.content["frame"]["places"]
    ids = {each["code"]: each["id"] for each in revision.content["place_ids"]}
    places = [(ids[each["code"]], (each["code"], each["name"])) for each in framed]
    expected = {key for key, _place in places}
    labels = usual_labels(transfer="bureau" in revision.content["frame"])
    modes = {mode.value: (label,) for mode, label in labels.items()}
    for batch in _matters(revision):
        given = _given([row.id for row in batch])
        for row in batch:
            head: Record = (row.seq, row.code, row.name, MatterType(row.type).label, row.department)
            answered = given[row.id]
            if answered.keys() != expected:
                raise RowsDiffer(f"row {row.seq} of revision {revision.id} is not answered for every place")
            for key, place in places:
                yield head + place + modes[answered[key]]


def _matters(revision: Revision) -> Iterator[Sequence[Any]]:
    # Columns and plain text instead of records and enumerations: a million of them would be made one by one.
    matters = PublishedMatter.__table__.c
    wanted = (
        select(
            matters.id,
            matters.seq,
            matters.code,
            matters.name,
            type_coerce(matters.type, String).label("type"),
            matters.department,
        )
        .where(matters.revision_id == revision.id)
        .order_by(matters.position)
        .execution_options(yield_per=BATCH)
    )
    with closing(db.session.execute(wanted)) as found:
        yield from found.partitions()


def _given(ids: Sequence[int]) -> dict[int, dict[int, str]]:
    answers: Any = Answer.__table__.c
    wanted = select(answers.published_matter_id, answers.place_id, type_coerce(answers.mode, String))
    given: dict[int, dict[int, str]] = {key: {} for key in ids}
    rows: Any = db.session.execute(wanted.where(answers.published_matter_id.in_(ids)))
    for key, place_id, mode in rows:
        given[key][place_id] = mode
    return given


def size(revision: Revision) -> int:
    """How many answers the database holds for a revision."""
    mine = select(PublishedMatter.id).where(PublishedMatter.revision_id == revision.id)
    return db.session.scalar(select(func.count()).where(Answer.published_matter_id.in_(mine))) or 0


def to_csv(revision: Revision, path: Path) -> None:
    """The answers as CSV."""
    write_csv(path, HEADER, records(revision), expected=size(revision))


def to_xlsx(revision: Revision, path: Path) -> None:
    """The answers as a workbook; DoesNotFit beyond the 1,048,576 rows of one."""
    expected = size(revision)
    if expected >= MOST_ROWS:
        raise DoesNotFit(f"{expected} answers")
    write_xlsx(path, HEADER, records(revision), sheet="各地办理方式", expected=expected, widths=WIDTHS)


def to_json(revision: Revision, path: Path) -> None:
    """The answers as a JSON array of objects."""
    write_json(path, HEADER, records(revision), expected=size(revision))
