"""What one place makes public of itself: where it stands, what is missing, its choices, putting it forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from admin import forms
from admin.base import Answer, StaffPage, carried_out, status
from admin.foundation.lookups import PLACES
from admin.labels import label
from admin.powers.lists import ProposeForm
from admin.powers.local import LocalPage
from admin.powers.lookups import LISTS, MATTERS
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.queries import places_of
from portal.foundation.places.models import Place
from portal.foundation.publishing import queries as publishing
from portal.foundation.publishing.registry import publishable
from portal.foundation.publishing.rules import Subject
from portal.foundation.publishing.service import propose
from portal.foundation.rights.rules import Right, may
from portal.powers.duties import queries as duties
from portal.powers.lists import queries as lists
from portal.powers.lists.models import Delegation, PowerList, ScopeException
from portal.powers.lists.rules import Mode
from portal.powers.matters.models import Matter
from portal.powers.points import queries as points
from portal.powers.uptakes import queries, service
from portal.powers.uptakes.models import Choice

PLACE = "<int:place_id>"
SHOWN_GAPS = 200


class ChoiceForm(forms.StaffForm):
    """The mode that a place chose, and where it says so."""

    mode = forms.choice(_("方式"), [(mode, label(mode)) for mode in service.CHOOSABLE])
    basis = forms.text(_("依据"), longest=255, required=False, hint=_("例如 本县发文的文号。"))


class NewChoiceForm(ChoiceForm):
    """For which matter of which list."""

    place = forms.LookupField(_("地方"), PLACES)
    power_list = forms.LookupField(_("清单"), LISTS)
    matter = forms.LookupField(_("事项"), MATTERS)


class ChoicesPage(LocalPage):
    """Choices where the list leaves the mode to the place (D-2, D-10)."""

    key = "choices"
    title = _("方式选择")
    record = Choice
    can_create = can_edit = can_delete = True
    form = ChoiceForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewChoiceForm
    intro = _("只有清单写明由各地自己定方式的事项才要选。")
    column_list = ("place", "power_list", "matter", "mode", "basis")
    column_labels: ClassVar[dict[str, Any]] = {
        "place": _("地方"),
        "power_list": _("清单"),
        "matter": _("事项"),
        "mode": _("方式"),
        "basis": _("依据"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "place": lambda _view, _context, choice, _name: choice.place.name,
        "power_list": lambda _view, _context, choice, _name: choice.power_list.title,
        "matter": lambda _view, _context, choice, _name: choice.matter.name,
        "mode": lambda _view, _context, choice, _name: label(choice.mode),
    }
    column_searchable_list = ("matter.name", "place.name")
    column_sortable_list = ("mode",)

    def title_of(self, record: Choice) -> str:
        """The matter at the place."""
        return f"{record.place.name} {record.matter.name}"

    def create_model(self, form: Any) -> object:
        """Say which mode a place chose."""
        return service.choose(
            form.place.data,
            form.power_list.data,
            form.matter.data,
            form.mode.data,
            by=self.account,
            basis=form.basis.data,
        )

    def update_model(self, form: Any, model: Choice) -> object:
        """Choose again."""
        return service.choose(
            model.place,
            model.power_list,
            model.matter,
            form.mode.data,
            by=self.account,
            basis=form.basis.data,
        )

    def delete_model(self, model: Choice) -> object:
        """Take a choice back."""
        return service.choose(model.place, model.power_list, model.matter, None, by=self.account)


class UptakesPage(StaffPage):
    """Places with what they say of themselves, and what is still missing."""

    key = "uptakes"
    title = _("本地公布")
    section = "uptake"
    access = frozenset({Right.EDIT_PLACE, Right.APPROVE})

    def _places(self) -> Sequence[Place]:
        own = places_of(self.account)
        reached = {place.id: place for each in lists.every() for place in each.scope.members}
        found = [place for key, place in reached.items() if own is None or key in own]
        return sorted(found, key=lambda place: (place.parent_id or 0, place.position, place.id))

    @expose("/")
    def index(self) -> Answer:
        """Every place that a list reaches; a county officer's own."""
        rows = [self._state(place) for place in self._places()]
        return self.render("staff/uptakes.html", rows=rows)

    @staticmethod
    def _state(place: Place) -> dict[str, Any]:
        return {
            "place": place,
            "duties": len(duties.of_place(place.id)),
            "points": len(points.of_place(place.id)),
            "revision": publishing.newest(Subject.UPTAKE, place.id),
            "proposal": publishing.open_proposal(Subject.UPTAKE, place.id),
        }

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
        reaching = [each for each in lists.every() if place in each.scope.members]
        gaps = {each: duties.gaps(each, place) for each in reaching}
        page = self.render(
            "staff/uptake.html",
            **self._state(place),
            form=form,
            blockers=publishable(Subject.UPTAKE).blockers(place.id),
            gaps=gaps,
            open_choices={each: _open_choices(place, each) for each in reaching},
            shown=SHOWN_GAPS,
            edits=may(self.account.role, Right.EDIT_PLACE),
        )
        return page, status()

    @expose(f"/{PLACE}/propose", methods=("POST",))
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


def _open_choices(place: Place, power_list: PowerList) -> list[Matter]:
    """Matters whose mode the list leaves to the place and the place has not chosen yet (D-2, D-10)."""
    chosen = {(each.list_id, each.matter_id) for each in queries.choices_of(place.id)}
    excepted = select(ScopeException.delegation_id).where(ScopeException.mode == Mode.UNDETERMINED)
    left_open = (
        select(Delegation)
        .where(
            Delegation.list_id == power_list.id,
            or_(Delegation.mode == Mode.UNDETERMINED, Delegation.id.in_(excepted)),
        )
        .order_by(Delegation.position)
    )
    return [
        row.matter
        for row in db.session.scalars(left_open)
        if (power_list.id, row.matter_id) not in chosen
        and service.answer_of(place, power_list, row.matter) is Mode.UNDETERMINED
    ]
