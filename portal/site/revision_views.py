"""The pages of what was published when: revisions, their files, the feed, the documents they rest on."""

from __future__ import annotations


from flask import Response, abort

from portal import clock
from portal.address import place_code
from portal.clock import HOME
from portal.db import db
from portal.foundation.policies.models import Policy
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists import queries as lists
from portal.site import changes, editions, listing, rows
from portal.site.blueprint import page, site
from portal.site.editions import Edition
from portal.site.taking import shelf
from portal.site.views import narrowed, neighbours, wanted


def issue(slug: str, number: int) -> Revision:
    """A revision that was made public; answers 404 for any other."""
    power_list = lists.by_slug(slug) or abort(404)
    return publishing.revision(Subject.LIST, power_list.id, number) or abort(404)


@site.get("/revisions")
def revisions() -> str:
    """Every revision of every list, newest first within a list."""
    issues = [(each, publishing.revisions(Subject.LIST, each.id)) for each in lists.every()]
    described = [(each, changes.described(found)) for each, found in issues if found]
    return page("site/revisions.html", issues=described)


@site.get("/lists/<slug>/revisions/<int(max=2147483647):number>")
def revision(slug: str, number: int) -> str:
    """One revision as it was published, with what it changed; old ones stay readable (P-3)."""
    found = issue(slug, number)
    edition = Edition(slug, found)
    in_force = editions.current_of(slug, clock.today())
    if found.state is RevisionState.CLOSED:
        closed_on = found.closed_at.astimezone(HOME).date() if found.closed_at else edition.date
        return page("site/closed.html", edition=edition, closed_on=closed_on, in_force=in_force)
    asked, here = wanted(), edition.place(place_code())
    shown = narrowed(listing.light_rows(edition, here, asked.query), asked)
    return page(
        "site/revision.html",
        edition=edition,
        in_force=in_force,
        today=clock.today(),
        found=shown,
        rows=rows.shown(edition, shown.ids, here),
        pages=neighbours(shown),
        shelves=shelf.of_revision(edition),
        summary=changes.summary(found),
        changes=changes.entries(found, {place.code: place.name for place in edition.places}),
    )


@site.get("/policies/<int(max=2147483647):policy_id>")
def policy(policy_id: int) -> str:
    """A document's clauses, as printed."""
    return page("site/policy.html", policy=db.session.get(Policy, policy_id) or abort(404))
