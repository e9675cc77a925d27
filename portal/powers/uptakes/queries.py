"""What a place has published of itself, as the public pages read it (D-9 to D-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode
from portal.powers.uptakes.models import Choice


@dataclass(frozen=True)
class Holder:
    """A body in a role; `from_on` is the day a receiver takes over, None when it is not said."""

    name: str
    from_on: date | None = None
    basis: str = ""

    def begun(self, day: date) -> bool:
        """Whether it has taken over by the day; an unsaid day counts as begun, since the place names it itself."""
        return self.from_on is None or self.from_on <= day


@dataclass(frozen=True)
class Point:
    """Where people go, as published; unsaid parts are empty."""

    name: str
    kind: str
    organisation: str
    address: str
    hours: str
    phone: str


@dataclass(frozen=True)
class Statement:
    """One place's statement in force."""

    revision: Revision

    def receiver(self, matter_id: int) -> Holder | None:
        """Who takes the matter over; None while the place names nobody (D-11)."""
        found = self.holders(matter_id, DutyRole.RECEIVER)
        return found[0] if found else None

    def holders(self, matter_id: int, role: DutyRole) -> Sequence[Holder]:
        """The bodies in a role for a matter."""
        return self._holders.get((matter_id, role.value), ())

    @property
    def points(self) -> Sequence[Point]:
        """The place's service points."""
        return [Point(**point) for point in self.revision.content["points"]]

    def choice(self, list_id: int, matter_id: int, town: str = "") -> Mode | None:
        """The mode that the place chose where the list leaves it open.

        `town` is the code of one of its towns: what was chosen for it, else what was chosen for all (D-10).
        """
        found = self._choices.get((list_id, matter_id, town)) if town else None
        return found or self._choices.get((list_id, matter_id, ""))

    def choices(self, list_id: int, town: str = "") -> dict[int, Mode]:
        """Every choice for a list by matter, for the place or, with its code, for one of its towns (D-10)."""
        found = {key[1]: mode for key, mode in self._choices.items() if key[0] == list_id and not key[2]}
        if town:
            own = {
                key[1]: mode for key, mode in self._choices.items() if key[0] == list_id and key[2] == town
            }
            found.update(own)
        return found

    @cached_property
    def _holders(self) -> dict[tuple[int, str], list[Holder]]:
        found: dict[tuple[int, str], list[Holder]] = {}
        for duty in self.revision.content["duties"]:
            begins = date.fromisoformat(duty["from"]) if duty["from"] else None
            holder = Holder(duty["organisation"], begins, duty["basis"])
            found.setdefault((duty["matter_id"], duty["role"]), []).append(holder)
        return found

    @cached_property
    def _choices(self) -> dict[tuple[int, int, str], Mode]:
        chosen: list[dict[str, Any]] = self.revision.content["choices"]
        return {
            (each["list_id"], each["matter_id"], each.get("town_code", "")): Mode(each["mode"])
            for each in chosen
        }


def statement(place_id: int, day: date) -> Statement | None:
    """What a place has published of itself and holds on the day."""
    revision = publishing.current(Subject.UPTAKE, place_id, day)
    return Statement(revision) if revision else None


def statements(day: date) -> dict[int, Statement]:
    """The same for every place that has published anything, by place id."""
    return {key: Statement(revision) for key, revision in publishing.all_current(Subject.UPTAKE, day).items()}


def choices_of(place_id: int) -> Sequence[Choice]:
    """The working copy of a place's choices."""
    return db.session.scalars(select(Choice).where(Choice.place_id == place_id)).all()
