"""Search over all lists in force, and what is suggested while somebody types."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.address import current_address, knows, place_code
from portal.foundation.reorganisations.queries import former_names_of_places
from portal.foundation.search.asking.rules import LONGEST
from portal.htmx import fragment, wants_fragment
from portal.limits import searching
from portal.powers.lists.cube.rules import Facet
from portal.site import editions
from portal.site.blueprint import page, site
from portal.site.editions import PlaceName
from portal.site.finding.advice import advice
from portal.site.finding.placed import placed
from portal.site.finding.searching import LAST, Results, Search, search, sections
from portal.site.finding.suggesting import suggestions
from portal.site.local import Local

CHOICES = (Facet.MODE, Facet.TYPE, Facet.DEPARTMENT)


@site.get("/search", endpoint="search")
@knows("q", *(facet.value for facet in CHOICES), "page")
@searching
def search_page() -> Response | str:
    """Matters of all lists by name, code, department, pinyin or everyday name, the best first."""
    asked = _asked()
    if not asked.query:
        more = {facet.value: sorted(values) for facet, values in asked.chosen.items()}
        return page("site/everything.html", asked.editions, hits=sections(asked), asked=asked, more=more)
    found = search(asked)
    if asked.page > 1 and not found.groups:
        abort(404)
    if not (found.groups and found.as_asked) and (named := placed(asked.query, _places(asked))):
        return redirect(current_address(q=named[1], at=named[0].code, page=None))
    place = editions.place_named(asked.editions, asked.code)
    ways = [] if found.groups else advice(asked, place)
    return page(
        "site/search.html", asked.editions, asked=asked, found=found, ways=ways, pages=_pages(asked, found)
    )


@site.get("/search/suggestions", endpoint="suggestions")
@knows("q")
@searching
def search_suggestions() -> Response:
    """The first few matters for what is typed so far, for htmx alone; without it this is the search itself."""
    asked = _asked()
    if not wants_fragment():
        return redirect(url_for("site.search", q=asked.query))
    found = suggestions(asked)
    return fragment(make_response(render_template("site/_suggestions.html", found=found, query=asked.query)))


def _asked() -> Search:
    """What the address asks; answers 404 for a page number that is none."""
    number = request.args.get("page", "1")
    if not (
        number.isascii()
        and number.isdigit()
        and 0 < int(number[:3]) <= LAST
        and len(number) <= len(str(LAST))
    ):
        abort(404)
    day = clock.today()
    return Search(
        editions=editions.current(day),
        query=request.args.get("q", "").strip()[:LONGEST],
        chosen={facet: frozenset(said) for facet in CHOICES if (said := request.args.getlist(facet.value))},
        code=place_code(),
        local=Local(day),
        page=int(number),
    )


def _places(asked: Search) -> list[PlaceName]:
    """Every place that can be named: those that the lists reach, and the towns below them, by former names too."""
    found = []
    for reach in editions.reaches(asked.editions):
        for place in reach.places:
            found += [place, *reach.towns.get(place.code, ())]
    former = former_names_of_places({place.id for place in found}, asked.local.day)
    return [*found, *(replace(each, name=name) for each in found for name in former.get(each.id, ()))]


def _pages(asked: Search, found: Results) -> dict[str, Any]:
    """The addresses of the pages before and after."""
    before = None if asked.page == 2 else asked.page - 1  # noqa: PLR2004  the first page has one address
    return {
        "previous": current_address(page=before) if asked.page > 1 else None,
        "next": current_address(page=asked.page + 1) if found.has_next else None,
    }
