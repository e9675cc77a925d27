"""What a place has published of itself, as the public pages read it (D-9 to D-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import db
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import Subject
from portal.powers.duties.models import DutyRole
from portal.powers.lists.models import Delegation, PowerList, ScopeException
from portal.powers.lists.rules import Mode, ScopeError, resolve
from portal.powers.lists.scopes import reached
from portal.powers.lists.snapshot import scope_rules
from portal.powers.matters.models import Matter
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
class Chosen:
    """A mode that a place chose, and the document that says so; empty where it names none."""

    mode: Mode
    basis: str = ""


@dataclass(frozen=True)
class Statement:
    """One place's statement in force."""

    revision: Revision

    def receiver(self, matter_id: int) -> Holder | None:
        """Who takes the matter over; None while the place names nobody (D-11)."""
        found = self.holders(matter_id, DutyRole.RECEIVER)
        return found[0] if found else None

    @cached_property
    def receivers(self) -> Mapping[int, Holder]:
        """Who takes each matter over, by matter."""
        role = DutyRole.RECEIVER.value
        return {key[0]: found[0] for key, found in self._holders.items() if key[1] == role}

    def holders(self, matter_id: int, role: DutyRole) -> Sequence[Holder]:
        """The bodies in a role for a matter."""
        return self._holders.get((matter_id, role.value), ())

    @property
    def points(self) -> Sequence[Point]:
        """The place's service points."""
        return [Point(**point) for point in self.revision.content["points"]]

    def choice(self, list_id: int, matter_id: int, town: str = "") -> Mode | None:
        """The mode that the place chose where the list leaves it open (`chosen`)."""
        found = self.chosen(list_id, matter_id, town)
        return found.mode if found else None

    def chosen(self, list_id: int, matter_id: int, town: str = "") -> Chosen | None:
        """The same with its basis.

        `town` is the code of one of its towns: what was chosen for it, else what was chosen for all (D-10).
        """
        found = self._choices.get((list_id, matter_id, town)) if town else None
        return found or self._choices.get((list_id, matter_id, ""))

    def choices(self, list_id: int, town: str = "") -> dict[int, Mode]:
        """Every choice for a list by matter, for the place or, with its code, for one of its towns (D-10)."""
        found: dict[int, Mode] = {}
        for wanted in ("", town):
            found |= {
                matter_id: chosen.mode
                for (of_list, matter_id, code), chosen in self._choices.items()
                if of_list == list_id and code == wanted
            }
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
    def _choices(self) -> dict[tuple[int, int, str], Chosen]:
        chosen: list[dict[str, Any]] = self.revision.content["choices"]
        return {
            (each["list_id"], each["matter_id"], each.get("town_code", "")): Chosen(
                Mode(each["mode"]), each["basis"]
            )
            for each in chosen
        }


def statement(place_id: int, day: date) -> Statement | None:
    """What a place has published of itself and holds on the day."""
    revision = publishing.current(Subject.UPTAKE, place_id, day)
    return Statement(revision) if revision else None


def statements(day: date) -> dict[int, Statement]:
    """The same for every place that has published anything, by place id."""
    return {key: Statement(revision) for key, revision in publishing.all_current(Subject.UPTAKE, day).items()}


def choices_of(place: Place) -> list[Choice]:
    """The working copy of what a place chose: for itself and for its towns, by list, matter and town.

    What is chosen for a town belongs to the nearest place above it that the list reaches (D-10), so that two lists
    may have the town's choices in two statements.
    """
    wanted = (
        select(Choice)
        .where(Choice.place_id.in_(places.subtree([place.id])))
        .options(joinedload(Choice.place), joinedload(Choice.power_list), joinedload(Choice.matter))
    )
    found = [each for each in db.session.scalars(wanted) if chooser(each.power_list, each.place) is place]
    return sorted(found, key=lambda each: (each.list_id, each.matter_id, town_code(each, place)))


def chooser(power_list: PowerList, place: Place) -> Place:
    """The place that chooses for this one and makes it public; itself where the list does not reach it any more."""
    return reached(power_list, place) or place


def chosen_for(power_list: PowerList, place: Place, day: date) -> list[Place]:
    """The places below one that it chooses for in a list, in their order: those that have not ended by the day.

    What the list reaches itself chooses for itself.
    """
    return [each for each in places.beneath(place, day) if chooser(power_list, each) is place]


def town_code(choice: Choice, place: Place) -> str:
    """The code of the town that a place's choice is for; empty for the place as a whole."""
    return "" if choice.place_id == place.id else choice.place.code


def left_open(power_list: PowerList, place: Place) -> list[Matter]:
    """Matters whose mode the list's working copy leaves to one of its places, in the list's order (D-2, D-10).

    What the list says twice and differently is not left open; its own page blocks it.
    """
    if place.id not in {member.id for member in power_list.scope.members}:
        return []
    excepted = select(ScopeException.delegation_id).where(ScopeException.mode == Mode.UNDETERMINED)
    wanted = (
        select(Delegation)
        .where(
            Delegation.list_id == power_list.id,
            or_(Delegation.mode == Mode.UNDETERMINED, Delegation.id.in_(excepted)),
        )
        .options(
            joinedload(Delegation.matter),
            selectinload(Delegation.exceptions).joinedload(ScopeException.place),
            selectinload(Delegation.exceptions).joinedload(ScopeException.group),
        )
        .order_by(Delegation.position)
    )
    groups = places.members(power_list.place)
    return [each.matter for each in db.session.scalars(wanted) if _is_open(each, place, groups)]


def choosing(power_list: PowerList) -> list[Place]:
    """The list's places that it leaves some mode to, usually or by an exception somewhere in it."""
    everywhere = select(Delegation.id).where(
        Delegation.list_id == power_list.id, Delegation.mode == Mode.UNDETERMINED
    )
    if db.session.scalar(select(everywhere.exists())):
        return list(power_list.scope.members)
    excepted = (
        select(ScopeException.id)
        .join(Delegation, Delegation.id == ScopeException.delegation_id)
        .where(Delegation.list_id == power_list.id, ScopeException.mode == Mode.UNDETERMINED)
    )
    if not db.session.scalar(select(excepted.exists())):
        return []
    return [place for place in power_list.scope.members if left_open(power_list, place)]


def _is_open(delegation: Delegation, place: Place, groups: Mapping[str, frozenset[str]]) -> bool:
    try:
        mode = resolve(place.code, delegation.mode, scope_rules(delegation.exceptions), groups)
    except ScopeError:
        return False
    return mode is Mode.UNDETERMINED


def not_chosen(power_list: PowerList, place: Place) -> list[Matter]:
    """Matters that the list leaves open and nobody has chosen for yet, at one of its places or at a town below one."""
    above = chooser(power_list, place)
    chosen = {
        each.matter_id
        for each in choices_of(above)
        if each.list_id == power_list.id and each.place_id in (above.id, place.id)
    }
    return [matter for matter in left_open(power_list, above) if matter.id not in chosen]
