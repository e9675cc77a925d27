"""Numbers of a working copy after a row that was put in leaves again (P-5)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
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


def number_again(base: Revision, row: Delegation, published: PublishedMatter, *, fresh: bool) -> None:
    """Give a row its printed number again if no other row has it meanwhile.

    Where one has, a row that stayed keeps the number that it has; one that is `fresh` takes the next after the row
    above it, with as many left out as are printed between them, and whatever has that number moves on.
    """
    others = db.session.scalars(
        select(Delegation)
        .where(Delegation.list_id == row.list_id, Delegation.matter_id != row.matter_id)
        .order_by(Delegation.position)
    ).all()
    if published.seq not in {each.seq for each in others}:
        row.seq = published.seq
    elif fresh:
        above = [each for each in others if each.position < row.position]
        row.seq = _next(base, above[-1], published) if above else 1
        _move_on(row.seq, [each for each in others if each.position > row.position])


def _next(base: Revision, above: Delegation, published: PublishedMatter) -> int:
    printed = _printed_at(base.id, above.matter_id)
    return above.seq + (max(1, published.seq - printed) if printed is not None else 1)


def _move_on(taken: int, below: Sequence[Delegation]) -> None:
    for each in below:
        if each.seq != taken:
            return
        each.seq = taken = each.seq + 1


def _pushed(revision_id: int, below: Sequence[Delegation]) -> bool:
    """Whether the next published row stands further down than it is printed."""
    printed = ((each.seq, _printed_at(revision_id, each.matter_id)) for each in below)
    return next((seq > was for seq, was in printed if was is not None), False)


def _printed_at(revision_id: int, matter_id: int) -> int | None:
    wanted = select(PublishedMatter.seq).where(
        PublishedMatter.revision_id == revision_id, PublishedMatter.matter_id == matter_id
    )
    return db.session.scalar(wanted)
