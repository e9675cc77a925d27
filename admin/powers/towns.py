"""Towns as their county enters them: the answer is then per town where the county chooses the mode (D-10)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from admin import forms
from admin.foundation.lookups import PLACES
from admin.foundation.placing import ByPlace
from admin.powers.local import LocalPage
from portal import clock
from portal.foundation.accounts.queries import places_of
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.reorganisations.service import Decision
from portal.powers.uptakes import service
from portal.powers.uptakes.rules import read_towns


class TownForm(forms.StaffForm):
    """What is said of a town after it was entered: its code and parent stay (G-1)."""

    name = forms.text(_("名称"), longest=64)
    misspelt = BooleanField(_("只是更正录错的名称，不是改名"))
    on = forms.DayField(_("从哪天起改名"), hint=_("写成 2021-06-15；不填就是今天。"))
    reason = forms.text(_("改名的理由"), longest=500, required=False)
    basis = forms.text(
        _("改名的依据"), longest=255, required=False, hint=_("文件和条款，例如：国函〔2013〕121号第一条。")
    )
    note = forms.text(_("备注"), longest=500, required=False)

    def decision(self) -> Decision | None:
        """Why and from when on it is renamed; None where its name was misspelt."""
        if self.misspelt.data:
            return None
        return Decision(self.on.data or clock.today(), self.reason.data, self.basis.data)


class NewTownsForm(forms.StaffForm):
    """Several towns of one county at once."""

    place = forms.LookupField(_("上级"), PLACES)
    names = TextAreaField(
        _("镇街"),
        [InputRequired(forms.REQUIRED), Length(max=10_000, message=forms.LONG)],
        description=_(
            "一行一个；知道九位代码的写在名称后面，例如 夏镇街道 370826001。"
            "镇（乡）政府、街道办事处会一起登记为机构，可以写成承接单位。"
        ),
    )


class TownsPage(LocalPage):
    """The towns below a county officer's own place; all towns for the others."""

    key = "towns"
    by_file = "town-rows"
    title = _("镇街")
    record = Place
    can_create = can_edit = True
    form = TownForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewTownsForm
    intro = _("登记以后，由县里定方式的事项可以按镇街公布。")
    column_list = ("name", "code", "parent", "ended_on", "note")
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("名称"),
        "code": _("代码"),
        "parent": _("上级"),
        "ended_on": _("撤并日期"),
        "note": _("备注"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "parent": lambda _view, _context, town, _name: town.parent.name if town.parent else "",
    }
    narrowed_by = (ByPlace(Place.id),)
    column_searchable_list = ("name", "code")
    column_sortable_list = ("name", "code")

    def scope(self, query: Any) -> Any:
        """Towns, and of them the visitor's own."""
        towns = query.filter(Place.kind == PlaceKind.TOWN)
        own = places_of(self.account)
        return towns if own is None else towns.filter(Place.id.in_(own))

    def place_of(self, record: Place) -> int | None:
        """The town itself."""
        return record.id

    def bound_by(self, record: Place | None) -> None:
        """Nothing: towns are kept by themselves."""

    def create_model(self, form: Any) -> list[Place]:
        """Enter towns with their bodies."""
        return service.enter_towns(form.place.data, read_towns(forms.lines(form.names.data)), by=self.account)

    def update_model(self, form: Any, model: Place) -> Place:
        """Rename a town, put its name right, or note something."""
        return service.change_town(
            model,
            by=self.account,
            name=form.name.data,
            note=form.note.data,
            decision=form.decision(),
        )
