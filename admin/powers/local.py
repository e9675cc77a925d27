"""The base of pages over what one place says of itself: a county officer meets only its own place's records."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request

from admin.forms import StaffForm
from admin.powers.lookups import LISTS, matter_given
from admin.records import RecordsPage
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.queries import open_proposal
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right, Role


class LocalPage(RecordsPage):
    """Records with a `place_id`, narrowed to the places whose drafts the visitor may see (R-3)."""

    abstract = True
    access = frozenset({Right.EDIT_PLACE, Right.APPROVE})
    change = Right.EDIT_PLACE
    section = "uptake"
    column_default_sort: ClassVar[Any] = "id"

    def scope(self, query: Any) -> Any:
        """Own place and those below it for a county officer, everything for the others."""
        own = places_of(self.account)
        return query if own is None else query.filter(self.model.place_id.in_(own))

    def place_of(self, record: Any) -> int | None:
        """The record's place."""
        return int(record.place_id)

    def bound_by(self, record: Any) -> Proposal | None:
        """What the place says of itself, once it is put forward."""
        place = record.place if record is not None else self.own_place()
        return open_proposal(Subject.UPTAKE, place.id) if place is not None else None

    def blank_form(self) -> StaffForm:
        """What the address names is filled in, and a county officer's own place."""
        return (self.create_form_class or self.form)(**self.given())

    def given(self) -> dict[str, Any]:
        """From the links of a place's page: `?place=<code>`, `?matter=<id>`, `?list=<slug>`."""
        place = places.by_code(request.args.get("place", ""))
        return {
            "place": place or self.own_place(),
            "matter": matter_given(request.args.get("matter", type=int)),
            "power_list": LISTS.settle(request.args.get("list", ""))[0],
        }

    def own_or_below(self, place: Place | None) -> Place:
        """The place if the visitor may see its drafts; NotFound otherwise, as if it did not exist (R-3)."""
        own = places_of(self.account)
        if place is None or (own is not None and place.id not in own):
            raise NotFound("没有这个地方，或者您不能看。")
        return place

    def own_place(self) -> Place | None:
        """A county officer's place; the others have none that is theirs alone."""
        return next((each.place for each in self.account.held if each.role is Role.COUNTY_OFFICER), None)
