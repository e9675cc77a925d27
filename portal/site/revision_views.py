"""The pages of what was published when: revisions, their files, the feed, the documents they rest on."""

from __future__ import annotations

from flask import abort

from portal import clock
from portal.address import knows, place_code
from portal.clock import HOME
from portal.db import db
from portal.foundation.policies.models import Policy
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.approvals import queries as approvals
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.oversight.tasks import queries as tasks
from portal.powers.lists import queries as lists
from portal.site import changes, editions
from portal.site.blueprint import page, site
from portal.site.editions import Edition
from portal.site.finding import listing, paging
from portal.site.finding.asked import PARAMETERS, asked
from portal.site.finding.lines import lines
from portal.site.finding.listing import Question
from portal.site.owed.deadline_views import publication
from portal.site.taking import shelf


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
@knows(*PARAMETERS)
def revision(slug: str, number: int) -> str:
    """One revision as it was published, with what it changed; old ones stay readable (P-3)."""
    found = issue(slug, number)
    edition = Edition(slug, found)
    in_force = editions.current_of(slug, clock.today())
    if found.state is RevisionState.CLOSED:
        closed_on = found.closed_at.astimezone(HOME).date() if found.closed_at else edition.date
        return page("site/closed.html", edition=edition, closed_on=closed_on, in_force=in_force)
    question = Question(edition, edition.place(place_code()), None, asked())
    shown = listing.page(question, paging.cursor(question)) or abort(404)
    return page(
        "site/revision.html",
        edition=edition,
        in_force=in_force,
        today=clock.today(),
        found=shown,
        rows=lines(edition, shown.rows, question.place, None),
        pages=paging.pages(question, shown),
        shelves=shelf.of_revision(edition),
        summary=changes.summary(found),
        publication=publication(found.proposal_id),
        approvals=approvals.of(found.proposal_id, public=True),
        changes=changes.entries(found, {place.code: place.name for place in edition.places}),
    )


@site.get("/policies/<int(max=2147483647):policy_id>")
def policy(policy_id: int) -> str:
    """A document's clauses, as printed, and the way to its tasks where it sets any."""
    found = db.session.get(Policy, policy_id) or abort(404)
    return page("site/policy.html", policy=found, tasks=found in tasks.policies(public=True))
