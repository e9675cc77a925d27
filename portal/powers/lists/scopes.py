"""Names of places and groups as documents print them, resolved against the tree (G-4, D-6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from portal.errors import Refused
from portal.foundation.organisations.rules import fold
from portal.foundation.places import queries as places
from portal.foundation.places import service as places_service
from portal.foundation.places.models import Place, PlaceGroup
from portal.foundation.places.rules import PlaceKind
from portal.i18n import mark
from portal.powers.lists.models import Delegation, PowerList, ScopeException
from portal.powers.lists.rules import Mode, ScopeError, resolve
from portal.powers.lists.snapshot import scope_rules

CONTRADICTING = mark("同一个地方有两条不同的例外：%(place)s")
REST = "other_"
GROUP_NAMES = {
    "zones": "各功能区",
    "counties": "各县（市、区）",
    "districts": "各区",
    "rural_counties": "各县（市）",
    "towns": "各镇（街道）",
    "all": "全部地方",
}


@contextmanager
def resolving() -> Iterator[None]:
    """While it lasts, exceptions that contradict are refused in words (D-6)."""
    try:
        yield
    except ScopeError as error:
        place = places.by_code(error.place)
        raise Refused(CONTRADICTING, code="scope", place=place.name if place else error.place) from None


@dataclass(frozen=True)
class Resolved:
    """An exception in terms of the tree: either a place or a group."""

    mode: Mode
    place: Place | None = None
    group: PlaceGroup | None = None

    def record(self) -> ScopeException:
        """The row to store."""
        return ScopeException(mode=self.mode, place=self.place, group=self.group)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two exceptions the same."""
        return (
            self.place.code if self.place else f"@{self.group.key if self.group else ''}",
            self.mode.value,
        )


def reached(power_list: PowerList, place: Place) -> Place | None:
    """The place whose answers hold there: itself, or the nearest one above it that the list reaches (D-10)."""
    ids = {member.id for member in power_list.scope.members}
    here: Place | None = place
    while here is not None and here.id not in ids:
        here = here.parent
    return here


def mode_at(delegation: Delegation, place: Place) -> Mode | None:
    """What the working copy says for a matter at a place; None where the list does not reach it (D-6, D-7).

    Refused while the working copy contradicts itself there.
    """
    power_list = delegation.power_list
    if place.id not in {member.id for member in power_list.scope.members}:
        return None
    groups = places.members(power_list.place)
    try:
        return resolve(place.code, delegation.mode, scope_rules(delegation.exceptions), groups)
    except ScopeError:
        raise Refused(
            "清单里“%(matter)s”在%(place)s有两条不同的例外，请先在清单里改好。",
            matter=delegation.matter.name,
            place=place.name,
        ) from None


class Resolver:
    """Resolves exceptions of one issuing place within one list's scope; remembers what it looked up."""

    def __init__(self, issuer: Place, scope: Sequence[Place]) -> None:
        self.issuer = issuer
        self.scope = list(scope)
        self._names = {fold(place.name): place for place in scope}
        self._groups = {group.key: group for group in places.groups(issuer)}
        self._known: dict[tuple[Any, ...], list[Resolved]] = {}

    def resolve(self, exceptions: Sequence[Mapping[str, Any]]) -> list[Resolved]:
        """The exceptions of one matter, {"places": […], "groups": […], "mode"} each, as rules of the tree.

        其他县（市、区） is those of the group that the same remark does not name: a group's rule where only
        single places are named beside it (their own rules are more specific), else one rule a place.
        Raises Refused for a place or group that the scope does not know.
        """
        memory = tuple((tuple(each["places"]), tuple(each["groups"]), each["mode"]) for each in exceptions)
        known = self._known.get(memory)
        if known is None:
            known = self._known[memory] = list(self._resolve(exceptions))
        return known

    def place(self, name: str) -> Place:
        """The place of this name in the scope, with or without its parent's name before it."""
        key = fold(name)
        found = self._names.get(key) or self._names.get(key.removeprefix(fold(self.issuer.name)))
        if found is None:
            raise Refused(
                "“%(name)s”不在这份清单的适用范围里。请更正，或先在“地方”里登记。",
                code="place_unknown",
                name=name,
            )
        return found

    def group(self, key: str) -> PlaceGroup:
        """The group of this key: as decided in the tree, else made from the kinds of places."""
        if key not in self._groups:
            # Of all the issuer's places, not of this list's: the group is kept for every other list.
            members = [
                place for place in places.children(self.issuer) if not place.ended_on and _belongs(place, key)
            ]
            if not members:
                raise Refused(
                    "“%(name)s”包括哪些地方还不清楚，请先在“地方”里说明。", code="group_unknown", name=key
                )
            self._groups[key] = places_service.set_group(
                self.issuer, key, GROUP_NAMES.get(key, key), members, by=None
            )
        return self._groups[key]

    def _resolve(self, exceptions: Sequence[Mapping[str, Any]]) -> Iterable[Resolved]:
        named = [self.place(name) for each in exceptions for name in each["places"]]
        groups = [key for each in exceptions for key in each["groups"] if not _is_rest(key)]
        covered = {place.id for place in named} | {
            member.id for key in groups for member in self.group(key).members
        }
        for each in exceptions:
            mode = Mode(each["mode"])
            yield from (Resolved(mode, place=self.place(name)) for name in each["places"])
            for key in each["groups"]:
                if not _is_rest(key):
                    yield Resolved(mode, group=self.group(key))
                else:
                    yield from self._rest(key, mode, covered, named)

    def _rest(self, key: str, mode: Mode, covered: set[int], named: list[Place]) -> Iterable[Resolved]:
        group = None if key == "others" else self.group(key.removeprefix(REST))
        members = self.scope if group is None else group.members
        others = {place.id for place in named}
        if group is not None and all(place.id in others for place in members if place.id in covered):
            yield Resolved(mode, group=group)
            return
        yield from (Resolved(mode, place=place) for place in members if place.id not in covered)


def _is_rest(key: str) -> bool:
    return key == "others" or key.startswith(REST)


def _belongs(place: Place, key: str) -> bool:
    if key == "all":
        return True
    if key == "districts":
        return place.kind is PlaceKind.COUNTY and place.name.endswith("区")
    if key == "rural_counties":
        return place.kind is PlaceKind.COUNTY and not place.name.endswith("区")
    kinds = {"zones": PlaceKind.ZONE, "counties": PlaceKind.COUNTY, "towns": PlaceKind.TOWN}
    return place.kind is kinds.get(key)
