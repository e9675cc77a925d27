"""Choices of mode where a list leaves it open: one by one, or one mode for many matters and towns (D-2, D-10)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField
from wtforms.validators import InputRequired

from admin import forms
from admin.asking import asks
from admin.base import Answer, carried_out, status
from admin.foundation.lookups import PLACES
from admin.foundation.placing import ByPlace
from admin.labels import label
from admin.powers.local import LocalPage
from admin.powers.lookups import LISTS, MATTERS
from portal import clock
from portal.errors import NotFound
from portal.foundation.accounts.service import require
from portal.foundation.places import queries as places
from portal.foundation.places.models import Place
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.queries import open_proposal
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.powers.lists.models import PowerList
from portal.powers.matters.models import Matter
from portal.powers.uptakes import queries, service
from portal.powers.uptakes.models import Choice

EVERY = 0
"""The box that stands for all matters not chosen for yet."""
BASIS_HINT = _("例如 本县发文的文号。")


class ChoiceForm(forms.StaffForm):
    """The mode that was chosen, and where it says so."""

    mode = forms.choice(_("方式"), [(mode, label(mode)) for mode in service.CHOOSABLE])
    basis = forms.text(_("依据"), longest=255, required=False, hint=BASIS_HINT)


class NewChoiceForm(ChoiceForm):
    """For which matter of which list, at the place as a whole or at one of its towns."""

    place = forms.LookupField(_("地方"), PLACES, hint=_("写县（市、区）就是全部镇街；也可以只写一个镇街。"))
    power_list = forms.LookupField(_("清单"), LISTS)
    matter = forms.LookupField(_("事项"), MATTERS)


class ManyChoicesForm(forms.StaffForm):
    """One mode for many matters at many towns."""

    matters = forms.TicksField(_("哪些事项"), [InputRequired(_("请至少选一项。"))], coerce=int)
    towns = forms.TicksField(_("用在哪里"), [InputRequired(_("请至少选一处。"))], coerce=int)
    mode = forms.choice(_("方式"), [(mode, label(mode)) for mode in service.CHOOSABLE])
    basis = forms.text(_("依据"), longest=255, required=False, hint=BASIS_HINT)
    only_missing = BooleanField(_("已经选过的不动"), default=True)


class ChoicesPage(LocalPage):
    """Choices where the list leaves the mode to the place (D-2, D-10)."""

    key = "choices"
    title = _("方式选择")
    record = Choice
    by_file = "choice-rows"
    can_create = can_edit = can_delete = True
    form = ChoiceForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewChoiceForm
    intro = _("只有清单写明由各地自己定方式的事项才要选。在“本地公布”里可以一次选很多。")
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
    narrowed_by = (ByPlace(Choice.place_id),)
    column_searchable_list = ("matter.name", "place.name")
    column_sortable_list = ("mode",)

    def bound_by(self, record: Choice | None) -> Proposal | None:
        """The statement of the place that chooses: a town's county's where the county does."""
        if record is None:
            return super().bound_by(None)
        return open_proposal(Subject.UPTAKE, queries.chooser(record.power_list, record.place).id)

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

    @expose("/many/", methods=("GET", "POST"))
    @asks(Right.EDIT_PLACE)
    def many(self) -> Answer:
        """One mode for many, at the place and of the list that the address names: `?place=<code>&list=<slug>`."""
        require(self.account, Right.EDIT_PLACE)
        place, power_list, matters = self._asked()
        form = ManyChoicesForm()
        towns = queries.chosen_for(power_list, place, clock.today())
        _offer(form, place, towns, power_list, matters)
        counts: list[int] = []
        if form.validate_on_submit() and carried_out(
            form, lambda: counts.append(self._choose_many(form, [place, *towns], power_list, matters))
        ):
            flash(ngettext("选好了 %(num)s 处。", "选好了 %(num)s 处。", counts[0]), "success")
            return redirect(self.get_url("uptakes.show", place_id=place.id))
        bound = open_proposal(Subject.UPTAKE, place.id)
        page = self.render(
            "staff/choices_many.html", form=form, place=place, power_list=power_list, bound=bound
        )
        return page, status()

    def _asked(self) -> tuple[Place, PowerList, list[Matter]]:
        """The place, the list and what it leaves to the place; NotFound where that is nothing."""
        given = self.given()
        place = self.own_or_below(places.by_code(request.args.get("place", "")))
        power_list = given["power_list"]
        left_open = queries.left_open(power_list, place) if power_list else []
        if not left_open:
            raise NotFound("这份清单没有要这个地方选方式的事项。")
        return place, power_list, left_open

    def _choose_many(
        self, form: Any, where: list[Place], power_list: PowerList, matters: list[Matter]
    ) -> int:
        ticked = set(form.matters.data)
        if EVERY in ticked:
            ticked |= {matter.id for matter in queries.not_chosen(power_list, where[0])}
        return service.choose_many(
            power_list,
            [place for place in where if place.id in form.towns.data],
            [matter for matter in matters if matter.id in ticked],
            form.mode.data,
            by=self.account,
            basis=form.basis.data,
            only_missing=form.only_missing.data,
        )


def _offer(form: Any, place: Place, towns: Any, power_list: PowerList, matters: list[Matter]) -> None:
    """The boxes to tick: what is open, and the place as a whole with its towns."""
    said = {
        each.matter_id: label(each.mode)
        for each in queries.choices_of(place)
        if each.list_id == power_list.id and each.place_id == place.id
    }
    missing = sum(matter.id not in said for matter in matters)
    every = gettext("全部还没有选的（%(count)s 项）", count=missing)
    form.matters.choices = forms.choices(
        [
            *([(EVERY, every)] if missing else []),
            *((each.id, _named(each, said.get(each.id))) for each in matters),
        ]
    )
    whole = gettext("%(name)s全部镇街，以后登记的也算", name=place.name) if towns else place.name
    form.towns.choices = forms.choices([(place.id, whole), *((town.id, town.name) for town in towns)])


def _named(matter: Matter, mode: Any) -> str:
    if mode is None:
        return matter.name
    return str(gettext("%(matter)s（已选：%(mode)s）", matter=matter.name, mode=mode))
