"""Which rows of a list some words find."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import db
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.search import like_pattern
from portal.powers.matters.rules import fold_name
from portal.site.editions import Edition


def found(edition: Edition, query: str) -> list[int]:
    """The rows that the words find, the best first; everything in the list's order where nothing is left of them."""
    folded = fold_name(query)
    wanted = (
        select(PublishedMatter.position, PublishedMatter.name)
        .where(
            PublishedMatter.revision_id == edition.revision.id,
            PublishedMatter.search_text.like(like_pattern(query), escape="\\"),
        )
        .order_by(PublishedMatter.position)
    )
    rows = [(_rank(row.name, folded), row.position - 1) for row in db.session.execute(wanted)]
    return [row for _rank, row in sorted(rows)]


def _rank(name: str, folded: str) -> int:
    """A hit in the name comes before one in the department, pinyin or everyday names."""
    own = fold_name(name)
    if own.startswith(folded):
        return 0
    return 1 if folded in own else 2
