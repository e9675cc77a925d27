"""Places and what documents mean by their groups."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _

from admin import forms
from admin.base import SIGNED_IN
from admin.foundation.lookups import PLACES
from admin.labels import label, options
from admin.records import RecordsPage
from portal.foundation.places import service
from portal.foundation.places.models import Place
from portal.foundation.places.rules import Certainty, PlaceKind
from portal.foundation.rights.rules import Right


class PlaceForm(forms.StaffForm):
    """What is said of a place after it was entered: its code and parent stay (G-1)."""

    name = forms.text(_("名称"), longest=64, hint=_("只在录错时更正；改名、撤并另有一页，原名才留得下来。"))
    certainty = forms.choice(_("名称和代码"), options(Certainty), hint=_("用之前请市里核实的，选“待核实”。"))
    note = forms.text(_("备注"), longest=500, required=False)


class NewPlaceForm(forms.StaffForm):
    """A place that is not in the tree yet."""

    parent = forms.LookupField(_("上级"), PLACES)
    name = forms.text(_("名称"), longest=64)
    kind = forms.choice(_("级别"), options(PlaceKind))
    code = forms.text(
        _("代码"), longest=32, required=False, hint=_("国家公布的代码，县级六位，镇街九位；没有就不填。")
    )
    certainty = forms.choice(_("名称和代码"), options(Certainty))
    note = forms.text(_("备注"), longest=500, required=False)


class PlacesPage(RecordsPage):
    """The tree of places."""

    key = "places"
    title = _("地方")
    section = "bodies"
    access = SIGNED_IN
    change = Right.MANAGE_ORGANISATIONS
    record = Place
    can_create = can_edit = True
    form = PlaceForm
    form_template = "staff/reorganisable.html"
    sort_of_subject: ClassVar[str] = "place"
    create_form_class: ClassVar[type[forms.StaffForm]] = NewPlaceForm
    column_list = ("code", "name", "kind", "parent", "certainty", "ended_on", "note")
    column_labels: ClassVar[dict[str, Any]] = {
        "code": _("代码"),
        "name": _("名称"),
        "kind": _("级别"),
        "parent": _("上级"),
        "certainty": _("名称和代码"),
        "ended_on": _("撤并日期"),
        "note": _("备注"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "kind": lambda _view, _context, place, _name: label(place.kind),
        "certainty": lambda _view, _context, place, _name: label(place.certainty),
        "parent": lambda _view, _context, place, _name: place.parent.name if place.parent else "",
    }
    column_searchable_list = ("name", "code")
    column_sortable_list = ("code", "name", "kind")
    column_default_sort = "code"

    def place_of(self, record: Place) -> int | None:
        """The place above, which answers for it; a province answers for itself."""
        return record.parent_id or record.id

    def create_model(self, form: Any) -> Place:
        """Add a place under its parent."""
        return service.add(
            form.parent.data,
            form.name.data,
            form.kind.data,
            by=self.account,
            code=form.code.data,
            certainty=form.certainty.data,
            note=form.note.data,
        )

    def update_model(self, form: Any, model: Place) -> Place:
        """Put a name right, or note something; renaming and ending are done by `ReorganisationsPage`."""
        return service.change(
            model,
            by=self.account,
            name=form.name.data,
            note=form.note.data,
            certainty=form.certainty.data,
            ended_on=model.ended_on,
        )
