"""Duties: who takes a matter over at a place, who regulates, who enforces (Y-2)."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from wtforms import BooleanField

from admin import forms
from admin.asking import asks
from admin.base import Answer, carried_out, status
from admin.bulk import BulkAct, BulkPage
from admin.foundation.lookups import ORGANISATIONS, PLACES
from admin.foundation.placing import ByPlace
from admin.labels import label, options
from admin.listing import Narrowing
from admin.powers.local import LocalPage
from admin.powers.lookups import LISTS, MATTERS
from portal.foundation.accounts.queries import places_of
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Right
from portal.powers.duties import service
from portal.powers.duties.models import Duty, DutyRole
from portal.powers.matters.models import Matter

FROM_HINT = _("承接单位从哪一天起办理，写成 2021-06-15；以前市里办。已经在办的不填。")
BASIS_HINT = _("例如 济政字〔2021〕30号第2条。")


class DutyForm(forms.StaffForm):
    """Day and basis of a duty; who and what stay."""

    from_on = forms.DayField(_("从哪一天起"), hint=FROM_HINT)
    basis = forms.text(_("依据"), longest=255, required=False, hint=BASIS_HINT)


class NewDutyForm(forms.StaffForm):
    """One body in one role for one matter."""

    place = forms.LookupField(_("地方"), PLACES)
    matter = forms.LookupField(_("事项"), MATTERS)
    role = forms.choice(_("角色"), options(DutyRole))
    organisation = forms.LookupField(_("单位"), ORGANISATIONS)
    from_on = forms.DayField(_("从哪一天起"), hint=FROM_HINT)
    basis = forms.text(_("依据"), longest=255, required=False, hint=BASIS_HINT)


class ManyDutiesForm(forms.StaffForm):
    """One rule for many matters at a place."""

    place = forms.LookupField(_("地方"), PLACES)
    power_list = forms.LookupField(_("清单"), LISTS)
    department = forms.LookupField(
        _("只限哪个部门的事项"), ORGANISATIONS, required=False, hint=_("不填就是整份清单。")
    )
    role = forms.choice(_("角色"), options(DutyRole))
    organisation = forms.LookupField(_("单位"), ORGANISATIONS)
    from_on = forms.DayField(_("从哪一天起"), hint=FROM_HINT)
    basis = forms.text(_("依据"), longest=255, required=False, hint=BASIS_HINT)
    only_missing = BooleanField(_("已经填过的不动"), default=True)


class DatingForm(forms.StaffForm):
    """Day and basis for many duties."""

    day = forms.DayField(_("从哪一天起"), hint=_("不填的不改。"))
    on_basis = forms.text(_("依据"), longest=255, required=False, hint=_("不填的不改。"))

    def validate(self, extra_validators: Any = None) -> bool:
        """One of them at least."""
        whole = bool(super().validate(extra_validators))
        if whole and self.day.data is None and not self.on_basis.data:
            self.form_errors.append(gettext("日期和依据至少填一项。"))
            return False
        return whole

    def said(self) -> dict[str, str]:
        """As each row says it."""
        return {"day": self.day.data.isoformat() if self.day.data else "", "on_basis": self.on_basis.data}


class HandingForm(forms.StaffForm):
    """Another body for many duties."""

    body = forms.LookupField(_("换成哪个单位"), ORGANISATIONS)
    day = forms.DayField(_("从哪一天起"), hint=_("不填的不改。"))

    def said(self) -> dict[str, str]:
        """As each row says it."""
        return {
            "body": str(self.body.data.id) if self.body.data else "",
            "day": self.day.data.isoformat() if self.day.data else "",
        }


class DutiesPage(BulkPage, LocalPage):
    """Duties of a place; public with the place's next publication."""

    key = "duties"
    title = _("职责")
    access = frozenset({Right.READ_DRAFTS})
    change = Right.EDIT_DUTIES
    record = Duty
    can_create = can_edit = can_delete = True
    form = DutyForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewDutyForm
    list_template = "staff/duties.html"
    intro = _("改动随本地的下一次公布生效。")
    empty = _("还没有填过。谁承接、谁监管，一条一条“新增”，或者“一次填很多”；填好以后在“本地公布”里公布。")
    by_file = "duty-rows"
    acts = (
        BulkAct("duties-date", DatingForm, DatingForm.said),
        BulkAct("duties-hand", HandingForm, HandingForm.said),
        BulkAct("duties-remove"),
    )
    column_list = ("place", "matter", "role", "organisation", "from_on", "basis")
    column_labels: ClassVar[dict[str, Any]] = {
        "place": _("地方"),
        "matter": _("事项"),
        "role": _("角色"),
        "organisation": _("单位"),
        "from_on": _("从哪一天起"),
        "basis": _("依据"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "place": lambda _view, _context, duty, _name: duty.place.name,
        "matter": lambda _view, _context, duty, _name: duty.matter.name,
        "role": lambda _view, _context, duty, _name: label(duty.role),
        "organisation": lambda _view, _context, duty, _name: duty.organisation.name,
    }
    narrowed_by = (ByPlace(Duty.place_id), Narrowing.of("role", _("角色"), Duty.role, DutyRole))
    shown_with = (joinedload(Duty.matter).joinedload(Matter.organisation),)
    column_searchable_list = ("matter.name", "organisation.name", "place.name")
    column_sortable_list = ("role", "from_on")

    def scope(self, query: Any) -> Any:
        """Those of the visitor's places, of its bodies' matters, and those that name its bodies (R-3)."""
        own, units = places_of(self.account), self.account.unit_ids
        if own is None:
            return query
        matters = select(Matter.id).where(Matter.organisation_id.in_(units))
        return query.filter(
            or_(Duty.place_id.in_(own), Duty.organisation_id.in_(units), Duty.matter_id.in_(matters))
        )

    def body_of(self, record: Duty) -> Organisation | None:
        """The department whose matter it is."""
        return record.matter.organisation

    def title_of(self, record: Duty) -> str:
        """Who does what."""
        return f"{record.matter.name} {label(record.role)} {record.organisation.name}"

    def create_model(self, form: Any) -> Duty:
        """Name a body for a role."""
        return service.set_duty(
            form.place.data,
            form.matter.data,
            form.role.data,
            form.organisation.data,
            by=self.account,
            from_on=form.from_on.data,
            basis=form.basis.data,
        )

    def update_model(self, form: Any, model: Duty) -> Duty:
        """Change day and basis."""
        return service.set_duty(
            model.place,
            model.matter,
            model.role,
            model.organisation,
            by=self.account,
            from_on=form.from_on.data,
            basis=form.basis.data,
        )

    def delete_model(self, model: Duty) -> None:
        """Take a duty back."""
        service.remove(model, by=self.account)

    @expose("/many/", methods=("GET", "POST"))
    @asks(Right.EDIT_DUTIES)
    def many(self) -> Answer:
        """One rule for all matters of a list, or of one of its departments."""
        form = ManyDutiesForm(place=self.own_place())
        counts: list[int] = []
        if form.validate_on_submit() and carried_out(form, lambda: counts.append(self._set_many(form))):
            flash(gettext("填好了 %(count)s 项。", count=counts[0]), "success")
            return redirect(self.get_url(".index_view"))
        return self.render("staff/duties_many.html", form=form), status()

    def _set_many(self, form: Any) -> int:
        return service.set_many(
            form.power_list.data,
            form.place.data,
            form.role.data,
            form.organisation.data,
            by=self.account,
            department=form.department.data,
            from_on=form.from_on.data,
            basis=form.basis.data,
            only_missing=form.only_missing.data,
        )
