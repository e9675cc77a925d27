"""The page that sets two revisions of a list against each other (P-3)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import abort, request

from portal import clock
from portal.address import knows, place_code
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.models import Revision
from portal.foundation.publishing.rules import RevisionState, Subject
from portal.powers.lists import queries as lists
from portal.site import editions
from portal.site.blueprint import page, site
from portal.site.editions import Edition
from portal.site.seeing import cards, frames, paging
from portal.site.seeing.comparing import Comparison, compare

DIGITS = 9


@site.get("/lists/<slug>/compare")
@knows("from", "to", "page")
def comparison(slug: str) -> str | tuple[str, int]:
    """What changed between two revisions, at one place or everywhere; a closed one is refused with a sentence."""
    power_list = lists.by_slug(slug) or abort(404)
    issues = publishing.revisions(Subject.LIST, power_list.id)
    was, now = _asked(slug, issues)
    shown = {"was": was, "now": now, "title": power_list.title, "slug": slug, "issues": issues}
    closed = [each.number for each in (was, now) if each.state is RevisionState.CLOSED]
    if closed:
        return page("site/compare.html", None, closed=closed[0], **shown), HTTPStatus.GONE
    sides = Edition(slug, was), Edition(slug, now)
    found = compare(*sides, sides[1].place(place_code()) or sides[0].place(place_code()))
    return page("site/compare.html", None, **shown, **_told(found, _between(issues, was, now)))


def _told(found: Comparison, between: Sequence[Revision]) -> dict[str, Any]:
    """One page of a comparison, ready for the template."""
    here, spoken = paging.number(), found.spoken
    return {
        "pages": paging.neighbours(here, max(1, -(-len(spoken) // cards.PAGE))),
        "found": found,
        "edition": found.now,
        "counts": cards.counts(found),
        "sentence": cards.sentence(found),
        "turns": frames.turns(found),
        "cards": cards.page(found, spoken[(here - 1) * cards.PAGE : here * cards.PAGE], between),
        "unchanged": cards.unchanged(found),
    }


def _asked(slug: str, issues: Sequence[Revision]) -> tuple[Revision, Revision]:
    """The two revisions that the address names; by itself the one in force against the one before it."""
    open_ones = [each for each in issues if each.state is RevisionState.PUBLISHED] or abort(404)
    current = editions.current_of(slug, clock.today())
    now = _named(issues, "to") or (current.revision if current else open_ones[0])
    before = [each for each in issues[issues.index(now) + 1 :] if each in open_ones]
    return _named(issues, "from") or (before[0] if before else now), now


def _named(issues: Sequence[Revision], name: str) -> Revision | None:
    """The revision whose number the parameter gives; None without one, 404 for a number that was never published."""
    said = request.args.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= DIGITS):
        abort(404)
    return next((each for each in issues if each.number == int(said)), None) or abort(404)


def _between(issues: Sequence[Revision], was: Revision, now: Revision) -> list[Revision]:
    newer, older = sorted((issues.index(was), issues.index(now)))
    return [each for each in issues[newer:older] if each.state is RevisionState.PUBLISHED]
