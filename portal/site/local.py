"""What places made public of themselves: receivers, regulators, service points, chosen modes (D-10, D-11, G-5, Y-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import DutyRole
from portal.powers.lists.rules import Mode


@dataclass(frozen=True)
class Point:
    """A place to go, as published; empty texts are still to come."""

    name: str
    address: str = ""
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Body:
    """A body in a role for a matter; `from_on` is the day a receiver takes over."""

    role: DutyRole
    name: str
    from_on: date | None = None
    basis: str = ""


class Uptake:
    """One place's published uptake; empty where the place has published none."""

    def __init__(self, day: date, content: Mapping[str, Any] | None = None) -> None:
        said = content or {}
        self.day = day
        self.points: Sequence[Point] = [
            Point(each["name"], each.get("address", ""), each.get("hours", ""), each.get("phone", ""))
            for each in said.get("points", ())
        ]
        self._duties: Sequence[Mapping[str, Any]] = said.get("duties", ())
        self._choices: Mapping[tuple[str, int], Mode] = {
            (each["list"], each["matter_id"]): Mode(each["mode"]) for each in said.get("choices", ())
        }

    def bodies(self, matter_id: int) -> list[Body]:
        """Every body named for a matter."""
        return [
            Body(
                DutyRole(each["role"]),
                each["organisation"],
                date.fromisoformat(each["from_on"]) if each.get("from_on") else None,
                each.get("basis", ""),
            )
            for each in self._duties
            if each["matter_id"] == matter_id
        ]

    def receiver(self, matter_id: int) -> Body | None:
        """The body that takes the matter over; None while the place has not named it."""
        return next((body for body in self.bodies(matter_id) if body.role is DutyRole.RECEIVER), None)

    def taken_over(self, receiver: Body) -> bool:
        """Whether the receiver has taken the matter over on the day (D-9); a day not known counts as gone by."""
        return receiver.from_on is None or receiver.from_on <= self.day

    def chosen(self, slug: str, matter_id: int) -> Mode | None:
        """The mode that the place chose for a matter that its list leaves open."""
        return self._choices.get((slug, matter_id))


def uptake(place_id: int, day: date) -> Uptake:
    """What the place has made public by the day."""
    revision = publishing.current(Subject.UPTAKE, place_id, day)
    return Uptake(day, revision.content if revision else None)
