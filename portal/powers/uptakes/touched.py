"""Which choices of mode a change of a list touches (D-10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select

from portal.db import db
from portal.foundation.places.models import Place
from portal.i18n import mark
from portal.powers.lists.adjusting.touching import Consequence, Touched
from portal.powers.uptakes.models import Choice


def touched(change: Touched) -> Iterator[Consequence]:
    """By the place that the list reaches, those of its towns with it."""
    counts: Counter[int] = Counter()
    for some in change.batches():
        rows = db.session.execute(
            select(Choice.matter_id, Choice.place_id, Place.parent_id)
            .join(Place, Place.id == Choice.place_id)
            .where(Choice.list_id == change.power_list.id, Choice.matter_id.in_(some))
        ).all()
        counts += change.counted((row.matter_id, row.place_id) for row in rows)
        counts += change.counted((row.matter_id, row.parent_id) for row in rows)
    yield from change.by_place(mark("自选的方式"), counts)
