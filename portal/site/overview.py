"""Counts over all lists in force, for the home, place and department pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select

from portal.db import db
from portal.i18n import gettext as _
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site.editions import Edition
from portal.site.local import Local
from portal.site.seeing import grid
from portal.site.thumbnail import matrix

EXAMPLES = 3
SMALL = 200
"""Lists of more matters than this are not drawn in small: the drawing would say nothing."""


@dataclass(frozen=True)
class Totals:
    """How many matters all lists hold, by their usual state and type."""

    matters: int
    modes: Mapping[Mode, int]
    types: Sequence[tuple[MatterType, int]]


def totals(editions: Sequence[Edition]) -> Totals:
    """The totals over the revisions in force; the most frequent first, where the number is equal by name."""
    ids = [each.revision.id for each in editions]
    counted = db.session.execute(
        select(PublishedMatter.mode, PublishedMatter.type, func.count())
        .where(PublishedMatter.revision_id.in_(ids))
        .group_by(PublishedMatter.mode, PublishedMatter.type)
    )
    modes: Counter[Mode] = Counter()
    types: Counter[MatterType] = Counter()
    for mode, kind, count in counted:
        modes[mode] += count
        types[kind] += count
    return Totals(
        matters=sum(modes.values()),
        modes=modes,
        types=sorted(types.items(), key=lambda item: (-item[1], item[0])),
    )


def size(edition: Edition) -> int:
    """How many matters a revision holds."""
    wanted = select(func.count()).where(PublishedMatter.revision_id == edition.revision.id)
    return db.session.scalar(wanted) or 0


def examples(editions: Sequence[Edition]) -> list[str]:
    """Something to search for that is found: the shortest names of the lists, and the initials of the first."""
    rows = db.session.execute(
        select(PublishedMatter.name, PublishedMatter.search_text)
        .where(PublishedMatter.revision_id.in_([each.revision.id for each in editions]))
        .order_by(func.length(PublishedMatter.name), PublishedMatter.id)
        .limit(EXAMPLES)
    ).all()
    names = list(dict.fromkeys(row.name for row in rows))
    # The search text holds the initials already; spelling them anew would load a dictionary.
    initials = [
        line
        for line in (rows[0].search_text.split("\n") if rows else ())
        if line.isascii() and line.isalpha() and len(line) == len(rows[0].name)
    ]
    return names + initials[:1]


@dataclass(frozen=True)
class Example:
    """One answer to look at: a matter at a place."""

    name: str
    place: str
    href: str


def example(editions: Sequence[Edition]) -> Example | None:
    """The first matter of the first list at its first place; None while nothing is published."""
    for each in editions:
        wanted = select(PublishedMatter.name, PublishedMatter.matter_id)
        own = wanted.where(PublishedMatter.revision_id == each.revision.id)
        first = db.session.execute(own.order_by(PublishedMatter.position).limit(1)).first()
        if first and each.places:
            place = each.places[0]
            href = url_for("site.matter", slug=each.slug, matter_id=first.matter_id, at=place.code)
            return Example(first.name, place.name, href)
    return None


def thumbnail(edition: Edition, local: Local) -> Markup | None:
    """The list's matrix in small, with what places chose; None for a list too long to be drawn."""
    if not 0 < size(edition) <= SMALL:
        return None
    rows = [{place.id: line.at(place.id) for place in edition.places} for line in grid.read(edition, local)]
    return matrix(edition.places, rows, _("各地办法对照图"))
