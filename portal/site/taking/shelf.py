"""The files there are to take along, as links with what they are, how large and of which day.

A file that is still being made, or that cannot be, is said to be so: nothing is left out in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from portal.address import CARRIED
from portal.clock import HOME
from portal.foundation.files.models import StoredFile
from portal.i18n import gettext as _
from portal.i18n import mark
from portal.powers.handouts import queries as handouts
from portal.powers.handouts.models import Handout
from portal.powers.handouts.rules import FORMATS
from portal.powers.lists.exports.formats import Part, ending_of, keys, part_of
from portal.powers.lists.exports.making import all_exported
from portal.powers.uptakes.queries import Statement
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local

LABELS = {"pdf": "PDF", "docx": "Word", "xlsx": "XLSX", "csv": "CSV", "json": "JSON"}
ORDER = tuple(LABELS)
PARTS = {Part.LIST: mark("整份清单"), Part.ANSWERS: mark("各地答案"), Part.CHANGES: mark("与上一版的差别")}
KILO = 1000

BARE = dict.fromkeys(CARRIED)
"""A file is the same in every language and type size, so that its address carries none of them."""

Key = tuple[int, int, int, str]
"""Revision, place, number of the place's statement, format."""


@dataclass(frozen=True)
class Offer:
    """One file: its format, its address and what it weighs; `note` says instead why there is none."""

    label: str
    href: str = ""
    size: str = ""
    made_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Shelf:
    """Files that belong together: of a list one part, or of a place one list."""

    label: str
    offers: Sequence[Offer]

    @property
    def made_on(self) -> date | None:
        """The day on which the newest of them was made; None while none is there."""
        return max((each.made_on for each in self.offers if each.made_on), default=None)


def of_revision(edition: Edition) -> list[Shelf]:
    """The files of a list's revision, by part, in the order in which people ask for formats."""
    there = all_exported(edition.revision)
    grouped: dict[Part, list[Offer]] = {}
    for name in sorted(keys(edition.revision), key=lambda each: ORDER.index(ending_of(each))):
        row = there.get(name)
        offer = _offer(
            ending_of(name), row.file if row else None, row.reason if row else "", _address(edition, name)
        )
        grouped.setdefault(part_of(name), []).append(offer)
    return [Shelf(_(PARTS[part]), grouped[part]) for part in Part if part in grouped]


def of_place(editions: Sequence[Edition], place: PlaceName, local: Local) -> list[Shelf]:
    """The papers of a place, a shelf for each list that reaches it; lists too long for papers have none.

    A town below a place that a list reaches has none of its own: what holds for it stands on its page.
    """
    said = local.of(place.id)
    rows = handouts.of_revisions([each.revision.id for each in editions], place.id)
    there = _by_key(rows)
    return [
        Shelf(each.title, _offers(each, place, said, there))
        for each in _short(editions)
        if any(own.code == place.code for own in each.places)
    ]


def of_places(editions: Sequence[Edition], statements: Mapping[int, Statement]) -> dict[str, list[Shelf]]:
    """The papers of all places, by the list's address word: a shelf for each place, in the list's order."""
    there = _by_key(handouts.of_revisions([each.revision.id for each in editions]))
    return {
        edition.slug: [
            Shelf(_(place.name), _offers(edition, place, statements.get(place.id), there))
            for place in edition.places
        ]
        for edition in _short(editions)
    }


def _short(editions: Sequence[Edition]) -> list[Edition]:
    return [each for each in editions if handouts.feasible(each.revision)]


def _by_key(rows: Sequence[Handout]) -> dict[Key, Handout]:
    return {(row.revision_id, row.place_id, row.statement, row.format): row for row in rows}


def _offers(
    edition: Edition, place: PlaceName, said: Statement | None, there: Mapping[Key, Handout]
) -> list[Offer]:
    statement = said.revision.number if said else 0
    found = []
    for ending in FORMATS:
        row = there.get((edition.revision.id, place.id, statement, ending))
        where: Mapping[str, Any] = {"slug": edition.slug, "number": edition.number, "code": place.code}
        href = url_for("site.handout", **where, statement=statement, kind=ending, **BARE)
        found.append(_offer(ending, row.file if row else None, row.reason if row else "", href))
    return found


def _address(edition: Edition, name: str) -> str:
    said: Mapping[str, Any] = {"slug": edition.slug, "number": edition.number, "kind": ending_of(name)}
    where = {**said, **BARE}
    part = part_of(name)
    if part is Part.LIST:
        return url_for("site.revision_file", **where)
    return url_for("site.revision_table", part=part.value, **where)


def _offer(ending: str, file: StoredFile | None, reason: str, href: str) -> Offer:
    label = LABELS[ending]
    if file is not None:
        made_on = file.created_at.astimezone(HOME).date()
        return Offer(label, href=href, size=size(file.size), made_on=made_on)
    return Offer(label, note=_note(reason))


def _note(reason: str) -> str:
    match reason.partition(" "):
        case ("", _, _):
            return _("正在准备")
        case ("signs", _, signs):
            return _("字体里没有这些字，没有生成：%(signs)s", signs=signs)
        case _:
            return _("事项太多，这种格式装不下，请用其他格式")


def size(count: int) -> str:
    """A number of bytes as people say it: 168 KB, 4.8 MB."""
    if count < KILO:
        return f"{count} B"
    if count < KILO**2:
        return f"{round(count / KILO)} KB"
    return f"{count / KILO**2:.1f} MB"
