"""Numbers of a working copy after a row that was put in leaves again (P-5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter


def close_gap(power_list: PowerList, row: Delegation) -> None:
    """Bring up again what a row pushed down that was put in since the newest revision; numbers of others stay.

    That it did is seen at the next published row below it, which stands further down than it is printed; in a list, or
    an older state of one, of which nothing is public yet, the row itself says whether it was put in by hand. A row
    that is published, or came with the document, leaves a gap: numbers do not move because a matter was taken out.
    """
    base = publishing.newest(Subject.LIST, power_list.id)
    if base is not None and _printed_at(base.id, row.matter_id) is not None:
        return
    below = db.session.scalars(
        select(Delegation)
        .where(Delegation.list_id == power_list.id, Delegation.position > row.position)
        .order_by(Delegation.position)
    ).all()
    if row.by_hand if base is None else _pushed(base.id, below):
        for each in below:
            each.position -= 1
            each.seq -= 1


def _pushed(revision_id: int, below: Sequence[Delegation]) -> bool:
    """Whether the next published row stands further down than it is printed."""
    printed = ((each.seq, _printed_at(revision_id, each.matter_id)) for each in below)
    return next((seq > was for seq, was in printed if was is not None), False)


def _printed_at(revision_id: int, matter_id: int) -> int | None:
    wanted = select(PublishedMatter.seq).where(
        PublishedMatter.revision_id == revision_id, PublishedMatter.matter_id == matter_id
    )
    return db.session.scalar(wanted)
