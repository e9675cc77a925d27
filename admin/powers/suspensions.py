"""Stopping a matter at once, and letting it go on (P-3, P-5)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import flash, g, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from admin import forms
from admin.asking import asks
from admin.base import HIGHEST_ID, Answer, StaffPage, carried_out, status
from admin.powers.lookups import LISTS
from admin.proof import asked_anew
from portal import clock
from portal.errors import NotFound, Refused
from portal.foundation.accounts.queries import places_of
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.suspensions import queries, service
from portal.powers.suspensions.models import Suspension

SUSPENSION = "<int:suspension_id>"


class SuspendForm(forms.StaffForm):
    """What is stopped, why, and by when it is settled."""

    power_list = forms.LookupField(_("清单"), LISTS)
    seq = IntegerField(
        _("清单里的序号"), [InputRequired(forms.REQUIRED), NumberRange(1, HIGHEST_ID, _("请写序号。"))]
    )
    reason = forms.text(_("为什么停办"), longest=1000, hint=_("公众会看到这个原因。"))
    until = forms.DayField(
        _("哪天以前公布调整"), hint=_("停办只是应急，要用调整来了结；最多 90 天。"), required=True
    )
    seen = HiddenField()
    """The matter that was named before it is stopped: a wrong number must not stop another one."""


class LiftForm(forms.StaffForm):
    """Why it goes on."""

    reason = forms.text(_("为什么恢复"), longest=1000)


class SuspensionsPage(StaffPage):
    """What is stopped, and what was."""

    key = "suspensions"
    title = _("紧急停办")
    section = "publishing"
    access = frozenset({Right.APPROVE, Right.EDIT_LISTS})

    def _places(self) -> frozenset[int] | None:
        """The places whose lists the visitor reads or decides on; None for all."""
        reached = [places_of(self.account, right) for right in (*self.access, Right.READ_ALL)]
        return None if None in reached else frozenset().union(*(each for each in reached if each is not None))

    def _sees(self, suspension: Suspension) -> bool:
        own = self._places()
        return own is None or suspension.power_list.place_id in own

    @expose("/")
    def index(self) -> Answer:
        """What lasts first."""
        found = queries.newest(self._places())
        return self.render(
            "staff/suspensions.html",
            suspensions=found,
            deadlines=queries.deadlines_of(found),
            today=clock.today(),
            stops=may(self.account, Right.APPROVE),
        )

    @expose("/new", methods=("GET", "POST"))
    @asks(Right.APPROVE)
    @asked_anew
    def suspend(self) -> Answer:
        """Stop a matter."""
        form = SuspendForm()
        lead = gettext("只用于不能等正常调整的时候。先看清是哪一项，再按一次就马上生效。")
        if form.validate_on_submit():
            named = self._named(form)
            if named:
                g.refused_with = HTTPStatus.OK
                lead = gettext("要停办的是“%(name)s”。没有错的话，再按一次，马上生效。", name=named)
            elif carried_out(form, lambda: self._suspend(form)):
                flash(gettext("已经停办，公众页面已经标明，相关单位会收到通知。"), "success")
                return redirect(self.get_url(".index"))
        return self._form(form, gettext("紧急停办"), lead)

    def _named(self, form: Any) -> str:
        """The matter's name where the visitor has not seen it yet; empty where stopping it says what is wrong."""
        try:
            found = service.meant(form.power_list.data, form.seq.data, by=self.account)
        except Refused:
            return ""
        if form.seen.data == str(found.matter_id):
            return ""
        form.seen.data = str(found.matter_id)
        return found.name

    def _suspend(self, form: Any) -> Suspension:
        return service.suspend(
            form.power_list.data, form.seq.data, form.reason.data, form.until.data, by=self.account
        )

    @expose(f"/{SUSPENSION}/lift", methods=("GET", "POST"))
    @asks(Right.APPROVE)
    @asked_anew
    def lift(self, suspension_id: int) -> Answer:
        """Let it go on."""
        found = queries.get(suspension_id)
        if found is None or not self._sees(found):
            raise NotFound("没有这条记录，或者您不能看。")
        form = LiftForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: service.lift(found, form.reason.data, by=self.account)
        ):
            flash(gettext("已经恢复办理。"), "success")
            return redirect(self.get_url(".index"))
        return self._form(form, gettext("恢复办理"), found.name)

    def _form(self, form: forms.StaffForm, heading: str, lead: str) -> Answer:
        back = self.get_url(".index")
        page = self.render(
            "staff/adjust.html", form=form, heading=heading, lead=lead, button=heading, back=back
        )
        return page, status()
