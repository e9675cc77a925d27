"""Whoever goes on with a body's work is asked in its place."""

from __future__ import annotations

from portal.foundation.deadlines import queries as deadlines
from portal.foundation.deadlines import service
from portal.foundation.publishing.opinions.models import Opinion
from portal.foundation.publishing.opinions.queries import SUBJECT
from portal.foundation.reorganisations.registry import Hanging, Occasion, plainly
from portal.i18n import mark


def _unasked(row: Opinion, occasion: Occasion) -> None:
    """It need not answer any more; that it was asked stays."""
    for each in deadlines.of(SUBJECT, row.id):
        if each.state.running:
            service.cancel(each, reason=occasion.note, by=occasion.by)


MOVING = (
    Hanging(
        Opinion.organisation_id,
        mark("还没有回复的征求意见"),
        lambda row: row.round.title,
        plainly,
        _unasked,
        mark("不用再回复"),
        where=lambda: (Opinion.answered_at.is_(None),),
    ),
)
