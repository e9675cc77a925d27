"""What became of a place: the names it had, what it went into, what went into it (G-1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.reorganisations import queries
from portal.foundation.reorganisations.rules import FormerName
from portal.site.editions import ended_on


@dataclass(frozen=True)
class Became:
    """A place on a day: `ended_on` once it has ended, `successors` and `forebears` as places with their days."""

    name: str
    ended_on: dt.date | None
    successors: Sequence[Place]
    former: Sequence[FormerName]
    forebears: Sequence[tuple[Place, dt.date]]

    @property
    def told(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.ended_on or self.former or self.forebears)


def ended(code: str | None, day: dt.date) -> Became | None:
    """The same of the place of a code that has ended; None for one that goes on."""
    place = places.by_code(code) if code else None
    return of(place, day) if place is not None and ended_on(place, day) else None


def of(place: Place | None, day: dt.date) -> Became | None:
    """What is to be said of a place; None for a place that nobody knows."""
    if place is None:
        return None
    ending = queries.ending(place)
    return Became(
        place.name,
        ended_on(place, day),
        [each.place for each in ending.successors if each.place] if ending else [],
        queries.former_names(place, day),
        [(each.place, each.effective_on) for each in queries.into(place) if each.place],
    )
