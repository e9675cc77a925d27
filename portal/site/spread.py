"""How an answer is spread over the places of a list, said shortly: the few by name, the many by number. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.foundation.places.rules import PlaceKind
from portal.powers.lists.rules import Mode
from portal.site.editions import PlaceName

FEW = 3
"""So many places are named one by one; more are counted."""


@dataclass(frozen=True)
class Share:
    """The places of one answer: some by name, all zones or others as a number; `rest` for the usual one."""

    mode: Mode
    names: tuple[str, ...] = ()
    zones: int = 0
    others: int = 0
    rest: bool = False


def shares(places: Sequence[PlaceName], answers: Mapping[int, Mode]) -> list[Share]:
    """The answers of a matter, the rarest first, the usual one last; one share when all places agree.

    `answers` is by place id and holds every place.
    """
    groups: dict[Mode, list[PlaceName]] = {}
    for place in places:
        groups.setdefault(answers[place.id], []).append(place)
    ordered = sorted(groups.items(), key=lambda item: len(item[1]))
    zones = {place.id for place in places if place.kind == PlaceKind.ZONE}
    said = [_share(mode, members, zones) for mode, members in ordered[:-1]]
    usual, members = ordered[-1]
    return [*said, Share(usual, others=len(members), rest=True)]


def _share(mode: Mode, members: Sequence[PlaceName], zones: set[int]) -> Share:
    ids = {place.id for place in members}
    whole = len(zones) > 1 and zones <= ids
    single = [place.name for place in members if not (whole and place.id in zones)]
    if len(single) > FEW:
        return Share(mode, others=len(members))
    return Share(mode, names=tuple(single), zones=len(zones) if whole else 0)
