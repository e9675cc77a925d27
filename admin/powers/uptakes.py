"""What one place makes public of itself: where it stands, what is missing, its choices, putting it forward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, status
from admin.foundation.proposing import ProposeForm
from admin.powers.lookups import known_lists, known_matters
from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import propose, unchanged
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.duties import queries as duties
from portal.powers.duties.queries import Gap
from portal.powers.lists import queries as lists
from portal.powers.lists.models import PowerList
from portal.powers.lists.scopes import reached
from portal.powers.matters.models import Matter
from portal.powers.points import queries as points
from portal.powers.uptakes import queries

PLACE = "<int:place_id>"
SHOWN_GAPS = 200


class UptakesPage(StaffPage):
    """Places with what they say of themselves, and what is still missing."""

    key = "uptakes"
    title = _("本地公布")
    section = "uptake"
    access = frozenset({Right.EDIT_PLACE, Right.APPROVE})

    @expose("/")
    def index(self) -> Answer:
        """Every place that a list reaches, and the towns that a list leaves modes open for; an officer's own."""
        shown = self._places()
        known = _states([place.id for place, _town in shown])
        rows = [{"place": place, "town": town, **known(place.id)} for place, town in shown]
        return self.render("staff/uptakes.html", rows=rows)

    def _places(self) -> list[tuple[Place, bool]]:
        """The places, each with whether it is there as a town, which follows the place above it."""
        own = places_of(self.account)
        reached = {place.id: place for each in lists.every() for place in each.scope.members}
        choosing = {place.id for each in lists.every() for place in queries.choosing(each)}
        towns: dict[int, list[Place]] = {}
        for town in places.below(choosing, clock.today()):
            if town.id not in reached:
                towns.setdefault(town.parent_id or 0, []).append(town)
        ordered = sorted(reached.values(), key=lambda place: (place.parent_id or 0, place.position, place.id))
        every = [(each, each is not place) for place in ordered for each in (place, *towns.get(place.id, ()))]
        return [(place, town) for place, town in every if own is None or place.id in own]

    @expose(f"/{PLACE}/")
    def show(self, place_id: int) -> Answer:
        """One place: what is missing, list by list, and putting it forward."""
        return self._page(self._place(place_id), ProposeForm())

    def _place(self, place_id: int) -> Place:
        own = places_of(self.account)
        place = db.session.get(Place, place_id)
        if place is None or (own is not None and place_id not in own):
            raise NotFound("没有这个地方，或者您不能看。")
        return place

    def _page(self, place: Place, form: ProposeForm) -> Answer:
        base = publishing.newest(Subject.UPTAKE, place.id)
        page = self.render(
            "staff/uptake.html",
            place=place,
            **_states([place.id])(place.id),
            form=form,
            blockers=publishable(Subject.UPTAKE).blockers(place.id),
            same=unchanged(Subject.UPTAKE, place.id, base),
            reaching=[_Reaching.of(each, place) for each in known_lists() if reached(each, place)],
            towns=places.below([place.id], clock.today()),
            shown=SHOWN_GAPS,
            edits=may(self.account, Right.EDIT_PLACE),
        )
        return page, status()

    @expose(f"/{PLACE}/propose", methods=("POST",))
    @asks(Right.EDIT_PLACE)
    def propose(self, place_id: int) -> Answer:
        """Put the place's statement forward for a second person."""
        place = self._place(place_id)
        form = ProposeForm()
        if form.validate() and carried_out(form, lambda: self._propose(place, form)):
            flash(gettext("已经送审，等另一个人批准。"), "success")
            return redirect(self.get_url(".show", place_id=place_id))
        return self._page(place, form)

    def _propose(self, place: Place, form: ProposeForm) -> object:
        return propose(
            Subject.UPTAKE,
            place.id,
            by=self.account,
            effective_on=form.effective_on.data,
            reason=form.reason.data,
        )


@dataclass(frozen=True)
class _Reaching:
    """A list at a place: what it leaves open there, what nobody has chosen for yet, and what nobody is named for.

    `missing` holds each matter without a choice with the towns that lack one too; no towns where it is a town's.
    `towns` are those that the place chooses for in this list. A town is asked for bodies only where it gets an
    answer of its own. What only the working copy holds is shown to those who see drafts (P-1).
    """

    power_list: PowerList
    chooser: Place
    left_open: list[Matter]
    towns: list[Place]
    missing: list[tuple[Matter, list[Place]]]
    gaps: list[Gap]

    @classmethod
    def of(cls, power_list: PowerList, place: Place) -> _Reaching:
        chooser = queries.chooser(power_list, place)
        known = known_matters(power_list)
        left_open = [each for each in queries.left_open(power_list, chooser) if each.id in known]
        gaps = [each for each in duties.gaps(power_list, place) if each.matter.id in known]
        if chooser is not place:
            own = {matter.id for matter in left_open}
            gaps = [gap for gap in gaps if gap.matter.id in own]
        towns = queries.chosen_for(power_list, place, clock.today()) if left_open else []
        missing = [each for each in _missing(power_list, place, towns) if each[0].id in known]
        return cls(power_list, chooser, left_open, towns, missing, gaps)


def _missing(power_list: PowerList, place: Place, towns: list[Place]) -> list[tuple[Matter, list[Place]]]:
    """The matters not chosen for as a whole, each with the towns that have no choice of their own either."""
    missing = queries.not_chosen(power_list, place)
    own = {
        (each.matter_id, each.place_id) for each in queries.choices_of(place) if each.list_id == power_list.id
    }
    return [(matter, [town for town in towns if (matter.id, town.id) not in own]) for matter in missing]


def _states(place_ids: list[int]) -> Callable[[int], dict[str, Any]]:
    """How far places are, by a few questions for all of them: what is entered, published, put forward."""
    named = duties.counts(place_ids)
    shown = points.counts(place_ids)
    published = publishing.newest_numbers(Subject.UPTAKE, place_ids)
    proposed = publishing.open_proposals(Subject.UPTAKE, place_ids)
    return lambda place_id: {
        "duties": named.get(place_id, 0),
        "points": shown.get(place_id, 0),
        "published": published.get(place_id),
        "proposal": proposed.get(place_id),
    }
