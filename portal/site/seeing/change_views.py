"""The page of changes by day and its feeds: of everything, of a list, of a place, of a department (P-7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, request, url_for

from portal import clock
from portal.address import knows
from portal.foundation.places import queries as places
from portal.i18n import gettext as _
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.suspensions import queries as suspensions
from portal.site import departments as bodies
from portal.site import editions
from portal.site.blueprint import page, site
from portal.site.editions import Edition, PlaceName
from portal.site.seeing import days, feeds, paging
from portal.site.seeing.days import Department, Wanted
from portal.site.situations import full_name

PAGE = 30


@site.get("/changes")
@knows("list", "place", "department", "page")
def change_days() -> str:
    """What was published on which day; of one list, place or department in detail."""
    current = editions.current(clock.today())
    wanted, here = _asked(current), paging.number()
    found, count = days.items(wanted, (here - 1) * PAGE, here * PAGE)
    pages = paging.neighbours(here, max(1, -(-count // PAGE)))
    return page(
        "site/changes.html",
        current,
        wanted=wanted,
        heading=_heading(wanted),
        feed=_feed_of(wanted),
        since=_since(current, wanted),
        days=days.by_day(found),
        count=count,
        pages=pages,
        power_lists=lists.public(),
        departments=bodies.every(current),
        stopped=suspensions.live(clock.today()),
    )


@site.get("/changes.atom")
def feed() -> Response:
    """What was published lately, for feed readers (P-7)."""
    return _feed(Wanted())


@site.get("/lists/<slug>/changes.atom")
def list_feed(slug: str) -> Response:
    """What was published of one list."""
    return _feed(Wanted(power_list=_list(slug)))


@site.get("/places/<code>/changes.atom")
def place_feed(code: str) -> Response:
    """What changed for one place, by lists and by its own statements."""
    return _feed(Wanted(place=_place(editions.current(clock.today()), code)))


@site.get("/departments/<code>/<path:name>/changes.atom")
def department_feed(code: str, name: str) -> Response:
    """What changed for one department's matters."""
    return _feed(Wanted(department=_department(code, name)))


def _asked(current: Sequence[Edition]) -> Wanted:
    """Whose changes the address asks for; the first of list, place and department that it names."""
    if slug := request.args.get("list", ""):
        return Wanted(power_list=_list(slug))
    if code := request.args.get("place", ""):
        return Wanted(place=_place(current, code))
    if body := request.args.get("department", ""):
        return Wanted(department=_department(*body.partition("/")[::2]))
    return Wanted()


def _list(slug: str) -> PowerList:
    """A list that is public; answers 404 for one that was never published, as for none."""
    return next((each for each in lists.public() if each.slug == slug), None) or abort(404)


def _place(current: Sequence[Edition], code: str) -> PlaceName:
    found = editions.place_named(current, code)
    if found is None:
        found = editions.named_today(places.by_code(code) or abort(404))
    return found


def _department(code: str, name: str) -> Department:
    """A department that some published list names, or an earlier revision did; answers 404 for no such body."""
    body = Department(code, name)
    return body if days.named(body) else abort(404)


def _since(current: Sequence[Edition], wanted: Wanted) -> list[tuple[Edition, str]]:
    """For a place: each list that has changed, with all that changed there since its first revision that is open."""
    here = wanted.place
    if here is None:
        return []
    return [
        (each, url_for("site.comparison", slug=each.slug, to=each.number, **_from(each), at=here.code))
        for each in current
        if each.place(here.code) and each.oldest != each.number
    ]


def _from(edition: Edition) -> dict[str, Any]:
    return {"from": edition.oldest}


def _heading(wanted: Wanted) -> str:
    """Whose changes these are."""
    if wanted.power_list:
        return _("《%(title)s》的变更", title=wanted.power_list.title)
    if wanted.place:
        return _("%(place)s的变更", place=_(wanted.place.name))
    if wanted.department:
        issuer = places.by_code(wanted.department.code)
        return _("%(body)s的变更", body=full_name(issuer.name if issuer else "", wanted.department.name))
    return _("最近变更")


def _feed_of(wanted: Wanted) -> str:
    """The address of the feed of the same changes."""
    if wanted.power_list:
        return url_for("site.list_feed", slug=wanted.power_list.slug, at=None)
    if wanted.place:
        return url_for("site.place_feed", code=wanted.place.code, at=None)
    if wanted.department:
        return url_for(
            "site.department_feed", code=wanted.department.code, name=wanted.department.name, at=None
        )
    return url_for("site.feed", at=None)


def _page_of(wanted: Wanted) -> str:
    """The page of the same changes."""
    return url_for(
        "site.change_days",
        list=wanted.power_list.slug if wanted.power_list else None,
        place=wanted.place.code if wanted.place else None,
        department=f"{wanted.department.code}/{wanted.department.name}" if wanted.department else None,
        at=None,
    )


def _feed(wanted: Wanted) -> Response:
    found, _count = days.items(wanted, 0, feeds.SHOWN)
    return feeds.rendered(found, _heading(wanted), _feed_of(wanted), _page_of(wanted), wanted)
