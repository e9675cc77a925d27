"""What people say when they ask, each leading to its matter: 办营业执照, 交养老保险 (M-4).

They come from the everyday names of what is published, so only what a list in force answers is shown, and what staff
change is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flask import url_for
from sqlalchemy import String, cast, func, select

from portal.db import db
from portal.powers.lists.models import PublishedMatter
from portal.powers.matters.service import shipped_sayings
from portal.site.editions import Edition

SHOWN = 8
READ = 500
"""So many matters with everyday names are looked at; the most asked for are among the first of any list."""
EMPTY = len("[]")


@dataclass(frozen=True)
class Saying:
    """What people say, and the page that answers."""

    words: str
    href: str


def frequent(current: Sequence[Edition], code: str | None) -> list[Saying]:
    """What is asked most; with a place only what a list answers for it.

    What several matters answer leads to the search for it.
    """
    reached = [each for each in current if each.place(code)] if code else list(current)
    answers: dict[str, list[str]] = {}
    for edition, matter_id, words in _asked(reached):
        href = url_for("site.matter", slug=edition.slug, matter_id=matter_id)
        answers.setdefault(words, []).append(href)
    return [
        Saying(words, found[0] if len(found) == 1 else url_for("site.search", q=words))
        for words, found in sorted(answers.items(), key=lambda item: _order(item[0]))[:SHOWN]
    ]


def _asked(current: Sequence[Edition]) -> list[tuple[Edition, int, str]]:
    """The matters that have everyday names, each with the one that is asked most."""
    by_revision = {each.revision.id: each for each in current}
    rows = db.session.execute(
        select(PublishedMatter.revision_id, PublishedMatter.matter_id, PublishedMatter.everyday_names)
        .where(
            PublishedMatter.revision_id.in_(by_revision),
            func.length(cast(PublishedMatter.everyday_names, String)) > EMPTY,
        )
        .order_by(PublishedMatter.revision_id, PublishedMatter.position)
        .limit(READ)
    )
    return [
        (by_revision[row.revision_id], row.matter_id, min(row.everyday_names, key=_order))
        for row in rows
        if row.everyday_names
    ]


def _order(words: str) -> int:
    """How often something is asked, as the shipped list orders it; what staff added comes after."""
    known = _shipped_order()
    return known.get(words, len(known))


@cache
def _shipped_order() -> dict[str, int]:
    said = dict.fromkeys(words for sayings in shipped_sayings().values() for words in sayings)
    return {words: at for at, words in enumerate(said)}
