"""The pages of the main job. A view reads the address, asks for what is published and fills a template."""

from __future__ import annotations

from flask import abort

from portal import clock
from portal.address import place_code
from portal.foundation.places import queries as places
from portal.foundation.publishing import queries as publishing
from portal.powers.lists.cube.rules import Facet
from portal.site import became, changes, editions, errands, histories, matters, overview, wording
from portal.site import departments as bodies
from portal.site.around import sayings
from portal.site.blueprint import page, site
from portal.site.finding.searching import Search, sections
from portal.site.linked import services
from portal.site.local import Local
from portal.site.taking import shelf

LATEST, READ = 5, 60
"""So many changes are shown, out of so many that are read and put together."""


@site.get("/")
def home() -> str:
    """Where do I go for this: search, places, lists, states, changes, types, departments."""
    current = editions.current(clock.today())
    return page(
        "site/home.html",
        current,
        totals=overview.totals(current),
        sizes=overview.sizes(current),
        thumbnail=overview.thumbnail(current[0], Local(clock.today())) if current else None,
        departments=bodies.every(current),
        changes=changes.digested(changes.described(publishing.latest_changes(READ)))[:LATEST],
        states=wording.states(),
        examples=overview.examples(current),
        sayings=sayings.frequent(current, place_code()),
    )


@site.get("/lists")
def power_lists() -> str:
    """All lists in force."""
    current = editions.current(clock.today())
    return page("site/lists.html", current, sizes=overview.sizes(current))


@site.get("/lists/<slug>/matters/<int(max=2147483647):matter_id>")
def matter(slug: str, matter_id: int) -> str:
    """One matter: where to go at the chosen place, who does what, why, and how it is elsewhere."""
    local = Local(clock.today())
    edition = editions.current_of(slug, local.day) or abort(404)
    current = editions.current(local.day)
    others = histories.elsewhere(current, edition, matter_id)
    row = matters.row_of(edition, matter_id)
    if row is None:
        gone = histories.withdrawn(edition, matter_id) or abort(404)
        shown = matters.withdrawn(edition, gone)
        return page("site/withdrawn.html", current, elsewhere=others, **shown)
    asked = matters.ask(edition, row, edition.place(place_code()), local)
    return page(
        "site/matter.html",
        current,
        elsewhere=others,
        linked=services.script(asked),
        became=became.ended(place_code(), local.day),
        **matters.page(asked),
    )


@site.get("/places/<code>")
def place(code: str) -> str:
    """One place: where to go, and everything that can be done there by what a person does for it."""
    local = Local(clock.today())
    current = editions.current(local.day)
    known = places.by_code(code)
    named = editions.place_named(current, code)
    here = (editions.renamed([named])[0] if named else known and editions.named_today(known)) or abort(404)
    said = local.of(here.id)
    return page(
        "site/place.html",
        current,
        here=here,
        became=became.of(known, local.day),
        said=said.revision if said else None,
        points=[matters.card(point) for point in said.points] if said else [],
        groups=errands.groups(current, code, local),
        towns=editions.towns(here, local.day),
        shelves=shelf.of_place(current, here, local),
    )


@site.get("/departments")
def departments() -> str:
    """The departments that hand matters on, with their numbers."""
    current = editions.current(clock.today())
    return page("site/departments.html", current, departments=bodies.every(current))


@site.get("/departments/<code>/<path:name>")
def department(code: str, name: str) -> str:
    """One department of one place, since cities share the names: its matters in every list of the place."""
    local = Local(clock.today())
    current = editions.current(local.day)
    own = [each for each in current if each.issuer_code == code]
    asked = Search(own, "", {Facet.DEPARTMENT: frozenset({name})}, place_code(), local)
    hits = sections(asked) or abort(404)
    return page("site/department.html", current, body=bodies.of(own[0], name), hits=hits)
