"""Rows of a list as they are shown: name, department, type, exception, and the answer at the chosen place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Row, select

from portal.db import db
from portal.i18n import gettext as _
from portal.powers.lists.cube import queries as cubes
from portal.powers.lists.models import Answer, PublishedMatter
from portal.powers.lists.rules import Mode
from portal.site import wording
from portal.site.editions import Edition, PlaceName
from portal.site.local import Local
from portal.site.spread import shares

Line = dict[str, Any]


def lines(edition: Edition, rows: Sequence[int], place: PlaceName | None, local: Local | None) -> list[Line]:
    """Rows by their place in the list's own order from 0, as the templates show them, in the order given.

    Without `local` the answers are the revision's own.
    """
    read = _read(edition, rows)
    mixed = cubes.uneven(edition.revision.id)
    uneven = [row.id for row in read if mixed >> row.position - 1 & 1]
    writing = _Writing(edition, place, local, _answers(uneven))
    return [writing.line(row) for row in read]


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
        self._spreads: dict[tuple[Mode, ...], str] = {}

    def line(self, row: Row[Any]) -> Line:
        """One row."""
        printed = self.given.get(row.id)
        return {
            "number": row.seq,
            "name": row.name,
            "code": row.code,
            "parts": row.sub_items,
            "href": url_for("site.matter", slug=self.edition.slug, matter_id=row.matter_id),
            "department": row.department,
            "type": _(row.type.label),
            "exception": self._exception(row, printed),
            **self._answer(row, printed),
        }

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
        if self.place is None:
            return {
                "mode": row.mode.value,
                "label": wording.named(self.labels[row.mode], row.mode),
                "where": "",
            }
        mode = printed[self.place.reached.id] if printed else row.mode
        if self.local is None:
            return {"mode": mode.value, "label": wording.named(self.labels[mode], mode), "where": ""}
        mode = self.local.mode(self.edition, row.matter_id, self.place, mode)
        at = self.local.situation(self.edition, row, self.place, mode)
        return {"mode": at.mode_today.value, "label": wording.label(at), "where": wording.short(at)}


def _read(edition: Edition, rows: Sequence[int]) -> list[Row[Any]]:
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


def _answers(ids: Sequence[int]) -> dict[int, dict[int, Mode]]:
    """The answers of rows by place id."""
    found: dict[int, dict[int, Mode]] = {key: {} for key in ids}
    if ids:
        wanted = select(Answer.published_matter_id, Answer.place_id, Answer.mode)
        for key, place_id, mode in db.session.execute(wanted.where(Answer.published_matter_id.in_(ids))):
            found[key][place_id] = mode
    return found
