"""Counts over all lists in force, for the home, place and department pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select

from portal.db import db
from portal.foundation.search.queries import initials_of
from portal.i18n import gettext as _
from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.cube.rules import Facet
from portal.powers.lists.indexing import KIND
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site.editions import Edition
from portal.site.local import Local
from portal.site.seeing import grid
from portal.site.thumbnail import matrix

EXAMPLES = 3
BEGINNING = 100
"""So many matters of each list are looked at for examples."""
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
    modes: Counter[Mode] = Counter()
    types: Counter[MatterType] = Counter()
    for counted in cubes.amounts([each.revision.id for each in editions]).values():
        modes.update({Mode(mode): count for mode, count in counted[Facet.MODE].items()})
        types.update({MatterType(kind): count for kind, count in counted[Facet.TYPE].items()})
    return Totals(
        matters=modes.total(),
        modes=modes,
        types=sorted(types.items(), key=lambda item: (-item[1], item[0])),
    )


def sizes(editions: Sequence[Edition]) -> dict[str, int]:
    """How many matters each revision holds, by the address word of its list."""
    counted = cubes.amounts([each.revision.id for each in editions])
    return {each.slug: sum(counted[each.revision.id][Facet.TYPE].values()) for each in editions}


def examples(editions: Sequence[Edition]) -> list[str]:
    """Something to search for that is found: the shortest names at the lists' beginnings, the initials of the first."""
    rows = db.session.execute(
        select(PublishedMatter.name, PublishedMatter.revision_id, PublishedMatter.position)
        .where(
            PublishedMatter.revision_id.in_([each.revision.id for each in editions]),
            PublishedMatter.position <= BEGINNING,
        )
        .order_by(func.length(PublishedMatter.name), PublishedMatter.id)
        .limit(EXAMPLES)
    ).all()
    # The index holds how the name sounds; spelling it anew would load a dictionary.
    letters = [initials_of(KIND, row.revision_id, row.position - 1) for row in rows[:1]]
    return [*dict.fromkeys(row.name for row in rows), *filter(None, letters)]


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
    if not 0 < sizes([edition])[edition.slug] <= SMALL:
        return None
    rows = [{place.id: line.at(place.id) for place in edition.places} for line in grid.read(edition, local)]
    return matrix(edition.places, rows, _("各地办法对照图"))
