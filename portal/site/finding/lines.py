"""Rows of a list as they are shown: name, department, type, exception, and the answer at the chosen place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Row, select

from portal.db import db
from portal.i18n import gettext as _
from portal.powers.lists import queries as lists
from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.models import PublishedMatter
from portal.powers.lists.rules import Mode
from portal.powers.matters.rules import MatterType
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.situations import Situation
from portal.site.spread import shares
from portal.site.transfers import sentences as transferring

Line = dict[str, Any]

_ANY = 2147483647
"""Stands for a matter in an address that is made once for all of them."""


def lines(edition: Edition, rows: Sequence[int], place: PlaceName | None, local: Local | None) -> list[Line]:
    """Rows by their place in the list's own order from 0, as the templates show them, in the order given.

    Without `local` the answers are the revision's own.
    """
    found = read(edition, rows)
    mixed = cubes.uneven(edition.revision.id)
    uneven = [row.id for row in found if mixed >> row.position - 1 & 1]
    return written(edition, found, place, local, lists.answers(uneven))


def written(
    edition: Edition,
    rows: Sequence[Any],
    place: PlaceName | None,
    local: Local | None,
    given: Mapping[int, Mapping[int, Mode]],
) -> list[Line]:
    """Rows that have been read, as the templates show them; `given` are the answers of those not alike everywhere."""
    writing = _Writing(edition, place, local, given)
    return [writing.line(row) for row in rows]


class _Writing:
    """The sentences of one page; what many rows have in common is worded once."""

    def __init__(
        self,
        edition: Edition,
        place: PlaceName | None,
        local: Local | None,
        given: Mapping[int, Mapping[int, Mode]],
    ) -> None:
        self.edition, self.place, self.local, self.given = edition, place, local, given
        self.labels = edition.labels
        self.parts_word = transferring.parts_word(edition.bureau)
        self.types = {kind: _(kind.label) for kind in MatterType}
        self.address = url_for("site.matter", slug=edition.slug, matter_id=_ANY)
        self._spreads: dict[tuple[Mode, ...], str] = {}
        self._answers: dict[tuple[object, ...], dict[str, str]] = {}

    def line(self, row: Row[Any]) -> Line:
        """One row."""
        printed = self.given.get(row.id)
        return {
            "number": row.seq,
            "name": row.name,
            "code": row.code,
            "parts": row.sub_items,
            "parts_word": self.parts_word,
            "href": self.address.replace(f"/{_ANY}", f"/{row.matter_id}", 1),
            "department": row.department,
            "type": self.types[row.type],
            "exception": self._exception(row, printed),
            **self._answer(row, printed),
            **self._stopped(row),
        }

    def _stopped(self, row: Row[Any]) -> dict[str, str]:
        """That it is stopped, in words; then nobody is sent anywhere."""
        stop = self.local.stopped(self.edition, row.matter_id) if self.local else None
        return {"stopped": wording.stopped(stop.since), "where": ""} if stop else {}

    def _exception(self, row: Row[Any], printed: Mapping[int, Mode] | None) -> str:
        """How the answer is spread over the places; empty where all agree."""
        if printed is None:
            if row.mode is not Mode.UNDETERMINED or self.local is None:
                return ""
            printed = dict.fromkeys((place.id for place in self.edition.places), row.mode)
        held = self.local.answers(self.edition, row.matter_id, printed) if self.local else printed
        pattern = tuple(held[place.id] for place in self.edition.places)
        if pattern not in self._spreads:
            groups = shares(self.edition.places, held)
            self._spreads[pattern] = wording.spread(groups, self.labels) if len(groups) > 1 else ""
        return self._spreads[pattern]

    def _answer(self, row: Row[Any], printed: Mapping[int, Mode] | None) -> dict[str, str]:
        """The answer at the place as mode, words, and where to go today; without a place the usual mode."""
        mode: Mode = printed[self.place.reached.id] if self.place and printed else row.mode
        if self.place is None or self.local is None:
            return self._once((mode,), lambda: self._printed(mode))
        mode = self.local.mode(self.edition, row.matter_id, self.place, mode)
        at = self.local.situation(self.edition, row, self.place, mode)
        return self._once((mode, at.standing, at.place, at.from_on), lambda: _held(at))

    def _once(self, key: tuple[object, ...], make: Callable[[], dict[str, str]]) -> dict[str, str]:
        if key not in self._answers:
            self._answers[key] = make()
        return self._answers[key]

    def _printed(self, mode: Mode) -> dict[str, str]:
        return {"mode": mode.value, "label": wording.named(self.labels[mode], mode), "where": ""}


def _held(at: Situation) -> dict[str, str]:
    return {"mode": at.mode_today.value, "label": wording.label(at), "where": wording.short(at)}


def read(edition: Edition, rows: Sequence[int]) -> list[Row[Any]]:
    """As much of some rows as pages show, in the order given."""
    wanted = select(
        PublishedMatter.id,
        PublishedMatter.matter_id,
        PublishedMatter.position,
        PublishedMatter.seq,
        PublishedMatter.name,
        PublishedMatter.code,
        PublishedMatter.department,
        PublishedMatter.type,
        PublishedMatter.mode,
        PublishedMatter.sub_items,
    ).where(
        PublishedMatter.revision_id == edition.revision.id,
        PublishedMatter.position.in_([row + 1 for row in rows]),
    )
    by_row = {row.position - 1: row for row in db.session.execute(wanted)}
    return [by_row[row] for row in rows]
