"""Reading links to previews, and the rows that they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import db
from portal.foundation.publishing.models import Revision
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists import difference, snapshot
from portal.powers.lists.models import Delegation, PowerList, PublishedMatter
from portal.powers.lists.previews.models import PreviewLink
from portal.powers.lists.rules import Mode
from portal.powers.lists.snapshot import Row

SHOWERS = (Right.EDIT_LISTS, Right.APPROVE)
"""Who may let others look at a working copy: who edits it or decides on it."""


def by_hash(token_hash: str) -> PreviewLink | None:
    """The link with the secret of this hash, over or not."""
    return db.session.scalar(select(PreviewLink).where(PreviewLink.token_hash == token_hash))


def of_list(list_id: int) -> Sequence[PreviewLink]:
    """Every link that was made to a list, newest first."""
    wanted = select(PreviewLink).where(PreviewLink.list_id == list_id).order_by(PreviewLink.id.desc())
    return db.session.scalars(
        wanted.options(joinedload(PreviewLink.made_by), joinedload(PreviewLink.revoked_by))
    ).all()


def opens(link: PreviewLink, at: datetime) -> bool:
    """Whether the link shows anything: it lives, and whoever made it may still see the working copy."""
    place = link.power_list.place
    return link.lives(at) and any(may(link.made_by, right, place) for right in SHOWERS)


def page_of(list_id: int, begin: int, size: int) -> Sequence[int]:
    """The matters of a part of the working copy, in its order, from row `begin` counted from 0."""
    wanted = select(Delegation.matter_id).where(Delegation.list_id == list_id)
    return db.session.scalars(
        wanted.order_by(Delegation.position, Delegation.id).offset(begin).limit(size)
    ).all()


def labels(list_id: int) -> Mapping[str, str]:
    """How the working copy prints its usual modes; what it prints in several ways, as it mostly does."""
    wanted = (
        select(Delegation.mode, Delegation.mode_label)
        .where(Delegation.list_id == list_id, Delegation.mode_label != "")
        .group_by(Delegation.mode, Delegation.mode_label)
        .order_by(func.count().desc(), func.min(Delegation.position))
    )
    found: dict[str, str] = {}
    for mode, label in db.session.execute(wanted):
        found.setdefault(Mode(mode).value, label)
    return found


def changes(rows: Sequence[Row], base: Revision | None) -> Mapping[int, str]:
    """By matter, which of some rows are "added" or "changed" against a revision; nothing against none."""
    if base is None:
        return {}
    before = list(snapshot.published_rows(base, matters=[row.matter_id for row in rows]))
    told = difference.compare(before, rows).entries
    return {each["matter_id"]: each["change"] for each in told if each["change"] != "withdrawn"}


def withdrawn(power_list: PowerList, base: Revision | None, limit: int) -> tuple[int, Sequence[str]]:
    """How many matters of a revision the working copy holds no longer, and the names of the first of them."""
    if base is None:
        return 0, ()
    kept = select(Delegation.matter_id).where(Delegation.list_id == power_list.id)
    gone = (PublishedMatter.revision_id == base.id, PublishedMatter.matter_id.not_in(kept))
    count = db.session.scalar(select(func.count()).where(*gone)) or 0
    names = select(PublishedMatter.name).where(*gone).order_by(PublishedMatter.position).limit(limit)
    return count, db.session.scalars(names).all() if count else ()
