"""Where am I: the page on which a place is chosen, by list or by search, for the page one came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from portal import clock
from portal.address import knows, place_code
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations.queries import former_names_of_places
from portal.i18n import gettext as _
from portal.i18n import mark
from portal.site import editions
from portal.site.around.back import Way, here
from portal.site.blueprint import page, site
from portal.site.editions import PlaceName, Reach
from portal.site.finding.placenames import INSIDE, fold, rank, readings

LONGEST = 100
"""Characters of a query that are read; names are shorter."""
FOUND = 30
"""So many places are shown of those that a query means."""
KINDS = {
    PlaceKind.COUNTY.value: mark("县（市、区）"),
    PlaceKind.ZONE.value: mark("功能区"),
    PlaceKind.TOWN.value: mark("镇（街道）"),
}

site.add_app_template_global(here, "page_here")


@dataclass(frozen=True)
class City:
    """The places of one issuing place to choose from, by kind; towns stand under their county."""

    name: str
    kinds: Sequence[tuple[str, Sequence[Mapping[str, Any]]]]


@site.get("/where")
@knows("next", "q")
def where() -> str:
    """Choose a place by city or by search; every link leads back to the page that `next` names."""
    current = editions.current(clock.today())
    reaches = editions.reaches(current)
    query = request.args.get("q", "").strip()[:LONGEST]
    way = Way(request.args.get("next", ""))
    return page(
        "site/where.html",
        current,
        query=query,
        following=here(),
        found=search(reaches, query, way) if query else [],
        cities=[_city(reach, way) for reach in reaches],
        examples=_examples(reaches),
        anywhere=way.to(None),
    )


def search(reaches: Sequence[Reach], query: str, way: Way) -> list[dict[str, Any]]:
    """The places that a query means, the best first, each with the place above it."""
    wanted = fold(query)
    found: dict[str, tuple[int, int, dict[str, Any]]] = {}
    every = [each for reach in reaches for each in _every(reach)]
    former = former_names_of_places({place.id for place, _above in every}, clock.today())
    for place, above in every:
        names = dict.fromkeys((place.name, _(place.name), *former.get(place.id, ())))
        level = rank(wanted, list(names), place.code) if wanted else None
        if level is not None and place.code not in found:
            # In a whole address the smallest place is meant, and its name stands last.
            order = -wanted.rfind(fold(place.name)) if level == INSIDE else len(found)
            found[place.code] = (level, order, {**_link(place, way), "above": above})
    best = sorted(found.values(), key=lambda each: each[:2])
    return [link for _level, _order, link in best[:FOUND]]


def _every(reach: Reach) -> list[tuple[PlaceName, str]]:
    """Every place with the name of the one above it."""
    found: list[tuple[PlaceName, str]] = []
    for place in reach.places:
        found.append((place, reach.issuer))
        found += [(town, place.name) for town in reach.towns.get(place.code, ())]
    return found


def _city(reach: Reach, way: Way) -> City:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for place in reach.places:
        towns = [_link(town, way) for town in reach.towns.get(place.code, ())]
        kinds.setdefault(place.kind, []).append({**_link(place, way), "towns": towns})
    order = list(KINDS)
    named = sorted(kinds.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return City(reach.issuer, [(_(KINDS[kind]) if kind in KINDS else "", links) for kind, links in named])


def _link(place: PlaceName, way: Way) -> dict[str, Any]:
    return {
        "name": _(place.name),
        "href": way.to(place.code),
        "current": place.code == place_code(),
    }


def _examples(reaches: Sequence[Reach]) -> list[str]:
    """A name and its initials to try, taken from the places themselves."""
    first = next((place for reach in reaches for place in reach.places), None)
    if first is None:
        return []
    return [first.name[:2], "".join(each[0][:1] for each in readings(first.name)[:2])]
