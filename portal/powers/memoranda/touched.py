"""Which memoranda a change of a list touches: those that were made for chosen matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.i18n import mark
from portal.powers.lists.adjusting.touching import Consequence, Touched
from portal.powers.memoranda.models import Memorandum, MemorandumMatter


def touched(change: Touched) -> Iterator[Consequence]:
    """By the bureau's place."""
    counts: Counter[int] = Counter()
    for some in change.batches():
        rows = db.session.execute(
            select(MemorandumMatter.matter_id, Organisation.place_id)
            .join(MemorandumMatter.memorandum)
            .join(Memorandum.bureau)
            .where(MemorandumMatter.matter_id.in_(some), Memorandum.ended_on.is_(None))
        )
        counts += change.counted((row.matter_id, row.place_id) for row in rows)
    yield from change.by_place(mark("审管衔接备忘录"), counts)
