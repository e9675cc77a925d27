"""Which handouts a change of a list touches: those of the revision in force are made anew."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.publishing.queries import newest
from portal.foundation.publishing.rules import Subject
from portal.i18n import mark
from portal.powers.handouts.models import Handout
from portal.powers.lists.adjusting.touching import Consequence, Touched


def touched(change: Touched) -> Iterator[Consequence]:
    """Files place by place."""
    revision = newest(Subject.LIST, change.power_list.id)
    if revision is None:
        return
    rows = db.session.execute(
        select(Handout.place_id, func.count())
        .where(Handout.revision_id == revision.id, Handout.file_id.is_not(None))
        .group_by(Handout.place_id)
    )
    yield from change.by_place(mark("要重新生成的地方清单文件"), dict(rows.all()))
