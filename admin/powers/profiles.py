"""Mode profiles: what each mode means in one list, field by field with its source (D-3)."""

from __future__ import annotations

from typing import Any

from flask import redirect
from flask_admin import expose
from flask_babel import lazy_gettext as _

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, Answer, StaffPage, carried_out, status
from admin.meanwhile import Opened, locked
from admin.powers.drafts import seen_list
from portal.errors import NotFound
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists import service
from portal.powers.lists.models import PowerList
from portal.powers.lists.profiles.rules import Field, allowed_values, build_profile
from portal.powers.lists.rules import Mode

ROW = "<int:list_id>/<mode>/<field>"
MODES = [mode for mode in Mode if mode not in (Mode.UNDELEGATED, Mode.UNDETERMINED)]

FIELDS = {
    Field.RECEIVE: _("谁收件"),
    Field.ACCEPT: _("谁受理"),
    Field.REVIEW: _("谁审核"),
    Field.DECIDE: _("谁决定"),
    Field.STAMP: _("谁盖章"),
    Field.SEAL: _("用哪枚章"),
    Field.APPLY_AT: _("公众可以去哪里申请"),
    Field.SUPERVISE: _("谁监督"),
    Field.COMPLAINTS: _("投诉谁处理、责任谁承担（按政策）"),
    Field.RESPONDENT: _("复议和诉讼找谁（按法律）"),
}
VALUES = {
    "place": _("承接的地方"),
    "posted": _("市里派驻的人"),
    "issuer": _("放权的一方"),
}
SEALS = {"own": _("承接单位自己的章"), "no2": _("市级部门的“2号章”"), "issuer": _("放权部门的章")}


def said(field: Field, value: str) -> str:
    """A profile's value in words; `apply_at` may name both sides."""
    words = SEALS if field is Field.SEAL else VALUES
    return "、".join(str(words.get(part, part)) for part in value.split(","))


class ProfileForm(forms.StaffForm):
    """One field of a profile: what holds, and where it is written."""

    value = forms.TicksField(_("怎么办"))
    source = forms.text(
        _("依据"),
        longest=64,
        required=False,
        hint=_("政策的第几条（只写编号，多个用逗号隔开），或者法律的名称和条。"),
    )


PARTS = {"profile_fields": "list_id"}
"""Where the record keeps what a list's profile says."""


class ProfilesPage(StaffPage):
    """The profile of one list, and a form for each of its fields."""

    key = "profiles"
    title = _("方式说明")
    section = "lists"
    listed = False
    access = DRAFTS

    @expose("/")
    def index(self) -> Answer:
        """To the lists: a profile belongs to one of them."""
        return redirect(self.get_url("lists.index"))

    @expose("/<int:list_id>/")
    def show(self, list_id: int) -> Answer:
        """Fields by modes, what is missing marked."""
        power_list = seen_list(list_id)
        stored = {(each.mode, each.field): each for each in power_list.profile}
        missing = {
            (mode, field.value)
            for mode in MODES
            for field in build_profile(mode, _entries(power_list, mode)).missing
        }
        return self.render(
            "staff/profile.html",
            list=power_list,
            modes=MODES,
            fields=FIELDS,
            stored=stored,
            missing=missing,
            said=said,
            edits=may(self.account, Right.EDIT_LISTS, power_list.place),
        )

    @expose(f"/{ROW}", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def edit(self, list_id: int, mode: str, field: str) -> Answer:
        """Say one thing about one mode; nothing ticked takes it back."""
        require(self.account, Right.EDIT_LISTS)
        power_list = locked(seen_list(list_id))
        known, kind = _known(mode, field)
        form = _form(power_list, known, kind)
        opened = Opened(form, _form(power_list, known, kind, formdata=forms.AS_IT_STANDS), power_list, PARTS)
        if (
            form.validate_on_submit()
            and opened.settled(form)
            and carried_out(form, lambda: self._set(power_list, known, kind, form))
        ):
            return redirect(self.get_url(".show", list_id=list_id))
        page = self.render(
            "staff/profile_field.html", list=power_list, mode=known, field=FIELDS[kind], form=form
        )
        return page, status()

    def _set(self, power_list: PowerList, mode: Mode, field: Field, form: ProfileForm) -> Any:
        return service.set_profile(
            power_list, mode, field, ",".join(form.value.data), form.source.data, by=self.account
        )


def _form(power_list: PowerList, mode: Mode, field: Field, **given: Any) -> ProfileForm:
    """The form with what the profile says now."""
    entry = next((e for e in power_list.profile if e.mode is mode and e.field == field.value), None)
    said_now = {"value": entry.value.split(",") if entry else [], "source": entry.source if entry else ""}
    form = ProfileForm(**said_now, **given)
    form.value.choices = forms.choices((value, said(field, value)) for value in allowed_values(field))
    return form


def _known(mode: str, field: str) -> tuple[Mode, Field]:
    try:
        known, kind = Mode(mode), Field(field)
    except ValueError:
        raise NotFound("方式说明里没有这一项。") from None
    if known not in MODES:
        raise NotFound("方式说明里没有这一项。")
    return known, kind


def _entries(power_list: PowerList, mode: Mode) -> list[tuple[str, str, str]]:
    return [(each.field, each.value, each.source) for each in power_list.profile if each.mode is mode]
