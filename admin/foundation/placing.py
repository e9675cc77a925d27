"""Narrowing a list by a place: that place alone, or with all that lies below it.

The place is named by what people type, or pick from what is offered while they type: a long list has too many places
for a menu. What the address says stays readable: `?place=微山县（370826）`, and `&alone=1` without what lies below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import false

from admin.base import LONGEST_SEARCH
from admin.forms import Lookup
from admin.foundation.lookups import PLACES
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place

OFFERS = 5
"""Places that are named where the words fit several."""


@dataclass(frozen=True)
class ByPlace:
    """One choice above a list: `column` holds the id of the place whose record a row is."""

    column: Any
    name: ClassVar[str] = "place"
    label: ClassVar[Any] = _("在哪个地方")
    lookup: ClassVar[Lookup] = PLACES

    @property
    def names(self) -> tuple[str, ...]:
        """The place, and whether it is meant alone."""
        return (self.name, "alone")

    @property
    def word(self) -> str:
        """What was typed, empty for no place in particular."""
        return request.args.get(self.name, "").strip()[:LONGEST_SEARCH]

    @property
    def alone(self) -> bool:
        """Whether what lies below is left out."""
        return request.args.get("alone") == "1"

    def apply(self, query: Any) -> Any:
        """The records of the place that is meant; none while nobody can tell which one is."""
        if not self.word:
            return query
        place, _others = self._settled()
        if place is None:
            return query.filter(false())
        wanted = self.column == place.id if self.alone else self.column.in_(places.subtree([place.id]))
        return query.filter(wanted)

    def shown(self) -> tuple[str, str]:
        """What stands in the field, and in words what is wrong with it: empty where a place, or none, is meant."""
        if not self.word:
            return "", ""
        place, others = self._settled()
        if place is not None:
            return PLACES.label(place), ""
        if others:
            offers = "；".join(PLACES.label(each) for each in others[:OFFERS])
            return self.word, gettext("不清楚是哪一个，请照着写全：%(offers)s。", offers=offers)
        return self.word, gettext("没有找到“%(typed)s”。", typed=self.word)

    def _settled(self) -> tuple[Place | None, Sequence[Place]]:
        """By the code that is written behind the name, which outlives the name in people's views; else by the words."""
        code = self.word.rpartition("（")[2].removesuffix("）")
        place = places.by_code(code)
        return (place, ()) if place is not None else PLACES.settle(self.word)
