"""The cube of a revision is made from its rows, and forgotten with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import String, delete, insert, select, type_coerce

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.powers.lists.cube.models import CubeOrder, CubeSet
from portal.powers.lists.cube.rules import Counted, Facet, Gathering, Key, packed, packed_rows
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.matters.rules import MatterStatus, fold_name

RUNS = re.compile("([0-9A-Za-z]+)")
BATCH = 500
"""So many rows are read at once, with their answers."""


def make(revision: Revision) -> None:
    """Gather the rows of a revision, all of which are there, into its cube."""
    gathering = Gathering(spelled)
    for row in _rows(revision):
        gathering.add(row)
    sets = [_stored(revision, key, bits, gathering) for key, bits in gathering.sets()]
    if sets:
        db.session.execute(insert(CubeSet), sets)
        db.session.execute(
            insert(CubeOrder),
            [
                {"revision_id": revision.id, "kind": order, "rows": packed_rows(rows)}
                for order, rows in gathering.orders()
            ],
        )


def forget(revision: Revision) -> None:
    """Delete the cube of a revision nobody saw."""
    db.session.execute(delete(CubeSet).where(CubeSet.revision_id == revision.id))
    db.session.execute(delete(CubeOrder).where(CubeOrder.revision_id == revision.id))


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """A name as it is sorted: syllable by syllable in pinyin without tones, signs left out."""
    kept = "".join(sign for sign in fold_name(name) if sign.isalnum())
    return " ".join(_spelled_run(run) for run in RUNS.split(kept) if run)


@lru_cache(maxsize=16384)
def _spelled_run(run: str) -> str:
    """What stands between Latin letters and digits; names that differ by a number alone share it."""
    # Its dictionary takes most of a second to load, and most processes never ask.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(run))


def _stored(revision: Revision, key: Key, bits: int, gathering: Gathering) -> dict[str, object]:
    usual = key.facet is Facet.MODE and key.place_id is None
    return {
        "revision_id": revision.id,
        "place_id": key.place_id,
        "facet": key.facet,
        "value": key.value,
        "label": gathering.label(key.value) if usual else "",
        "amount": bits.bit_count(),
        "bits": packed(bits),
    }


def _rows(revision: Revision) -> Iterator[Counted]:
    """The revision's rows in their order, read in stretches."""
    wanted = (
        select(
            PublishedMatter.id,
            PublishedMatter.position,
            PublishedMatter.name,
            PublishedMatter.code,
            PublishedMatter.department,
            PublishedMatter.mode_label,
            PublishedMatter.status,
            type_coerce(PublishedMatter.mode, String).label("mode"),
            type_coerce(PublishedMatter.type, String).label("type"),
        )
        .where(PublishedMatter.revision_id == revision.id)
        .order_by(PublishedMatter.position)
        .limit(BATCH)
    )
    last = 0
    while batch := db.session.execute(wanted.where(PublishedMatter.position > last)).all():
        answers = _answers([row.id for row in batch])
        for row in batch:
            yield Counted(
                name=row.name,
                code=row.code,
                department=row.department,
                type=row.type,
                status=row.status.get("state", MatterStatus.UNVERIFIED.value),
                mode=row.mode,
                mode_label=row.mode_label,
                answers=answers[row.id],
            )
        last = batch[-1].position


def _answers(ids: list[int]) -> dict[int, dict[int, str]]:
    """By row and place. A range of one table: PostgreSQL knows nothing yet of rows that are only just written."""
    found: dict[int, dict[int, str]] = {key: {} for key in ids}
    wanted = select(
        Answer.published_matter_id, Answer.place_id, type_coerce(Answer.mode, String).label("mode")
    ).where(Answer.published_matter_id.between(min(ids), max(ids)))
    for row in db.session.execute(wanted):
        if row.published_matter_id in found:
            found[row.published_matter_id][row.place_id] = row.mode
    return found
