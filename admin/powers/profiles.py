"""Mode profiles: what each mode means in one list, field by field with its source (D-3)."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Form, FormField

from admin import forms
from admin.asking import asks
from admin.base import DRAFTS, Answer, StaffPage, carried_out, status, told
from admin.labels import label
from admin.meanwhile import Opened, locked
from admin.powers.drafts import seen_list
from portal.errors import NotFound, Refused
from portal.foundation.accounts.service import require
from portal.foundation.publishing.queries import open_proposal
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.powers.lists import service
from portal.powers.lists.models import PowerList
from portal.powers.lists.profiles.rules import Field, allowed_values, build_profile
from portal.powers.lists.rules import Mode

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
    words = _words(field)
    return "、".join(str(words.get(part, part)) for part in value.split(","))


def _words(field: Field) -> dict[str, Any]:
    return SEALS if field is Field.SEAL else VALUES


class ModeForm(forms.StaffForm):
    """What one mode means: for each field what holds, and where it is written."""

    def entries(self) -> dict[Field, tuple[str, str]]:
        """What was filled in, by field: the value, "" where nothing holds, and its source."""
        filled = {field: self[field.value].form for field in Field}
        return {field: (_joined(part.value.data), part.source.data) for field, part in filled.items()}

    def fault(self, field: Field, sentence: str) -> None:
        """Say what is wrong beside the field that it is about."""
        value = self[field.value].form.value
        value.errors = [*value.errors, sentence]


def _part(field: Field) -> type[Form]:
    """The two inputs of one field; where the public may apply can be both."""
    offered = [(value, _words(field)[value]) for value in allowed_values(field)]
    several = field is Field.APPLY_AT
    value = forms.TicksField(_("怎么办"), choices=forms.choices(offered)) if several else _one_of(offered)

    class Part(Form):  # type: ignore[misc]
        """What holds, and its source: both or neither."""

        source = forms.text(_("依据"), longest=64, required=False)

        def validate(self, *args: Any, **kwargs: Any) -> bool:
            """Whether one is not without the other."""
            right = bool(super().validate(*args, **kwargs))
            for empty, other, sentence in (
                (self.source, self.value, _("请写明依据：文件的第几条，或者哪部法律的哪一条。")),
                (self.value, self.source, _("请选怎么办；要收回这一项，把依据也清空。")),
            ):
                if other.data and not empty.data:
                    empty.errors, right = [*empty.errors, sentence], False
            return right

    Part.value = value
    return Part


def _one_of(offered: list[tuple[str, Any]]) -> Any:
    return forms.ChoiceField(_("怎么办"), choices=forms.choices([("", "—"), *offered]), default="")


def _joined(value: str | list[str] | None) -> str:
    return ",".join(value) if isinstance(value, list) else value or ""


for _field, _label in FIELDS.items():
    setattr(ModeForm, _field.value, FormField(_part(_field), label=_label))


PARTS = {"profile_fields": "list_id"}
"""Where the record keeps what a list's profile says."""


class ProfilesPage(StaffPage):
    """The profile of one list, and a form for each of its modes."""

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
            bound=open_proposal(Subject.LIST, list_id),
        )

    @expose("/<int:list_id>/<mode>", methods=("GET", "POST"))
    @asks(Right.EDIT_LISTS)
    def edit(self, list_id: int, mode: str) -> Answer:
        """Say what one mode means, all fields at once; what is emptied is taken back."""
        require(self.account, Right.EDIT_LISTS)
        power_list = locked(seen_list(list_id))
        known = _known(mode)
        form = _form(power_list, known)
        opened = Opened(form, _form(power_list, known, formdata=forms.AS_IT_STANDS), power_list, PARTS)
        if (
            form.validate_on_submit()
            and opened.settled(form)
            and carried_out(form, lambda: self._set(power_list, known, form))
        ):
            flash(gettext("“%(mode)s”的说明已经保存。公布以后公众才看得到。", mode=label(known)), "success")
            return redirect(self.get_url(".show", list_id=list_id))
        bound = open_proposal(Subject.LIST, list_id)
        page = self.render("staff/profile_mode.html", list=power_list, mode=known, form=form, bound=bound)
        return page, status()

    def _set(self, power_list: PowerList, mode: Mode, form: ModeForm) -> None:
        before = _stored(power_list, mode)
        for field, (value, source) in form.entries().items():
            if (value, source) == before.get(field, ("", "")):
                continue
            try:
                service.set_profile(power_list, mode, field, value, source, by=self.account)
            except Refused as refusal:
                # What is about the whole list stands above the form alone.
                if type(refusal) is Refused:
                    form.fault(field, told(refusal))
                raise


def _form(power_list: PowerList, mode: Mode, **given: Any) -> ModeForm:
    """The form with what the profile says now."""
    now = {
        field.value: {"value": value.split(",") if field is Field.APPLY_AT else value, "source": source}
        for field, (value, source) in _stored(power_list, mode).items()
    }
    return ModeForm(data=now, **given)


def _stored(power_list: PowerList, mode: Mode) -> dict[Field, tuple[str, str]]:
    return {Field(each.field): (each.value, each.source) for each in power_list.profile if each.mode is mode}


def _known(mode: str) -> Mode:
    if mode not in MODES:
        raise NotFound("方式说明里没有这种方式。")
    return Mode(mode)


def _entries(power_list: PowerList, mode: Mode) -> list[tuple[str, str, str]]:
    return [(each.field, each.value, each.source) for each in power_list.profile if each.mode is mode]
