"""Government documents that lists rest on."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from admin import forms
from admin.base import SIGNED_IN
from admin.foundation.lookups import PLACES
from admin.records import RecordsPage
from portal.foundation.policies import service
from portal.foundation.policies.models import Policy
from portal.foundation.policies.rules import numbered_clauses
from portal.foundation.rights.rules import Right

LONGEST_TEXT = 200_000


class PolicyForm(forms.StaffForm):
    """A document; from its text the numbered clauses are cut."""

    number = forms.text(_("文号"), longest=64, hint=_("照原文写，例如 济政字〔2021〕30号。"))
    title = forms.text(_("标题"), longest=255)
    issuer = forms.text(_("发文机关"), longest=128)
    issued_on = forms.DayField(_("发文日期"), hint=_("写成 2021-06-15。"))
    place = forms.LookupField(_("哪个地方的文件"), PLACES)
    text = TextAreaField(
        _("正文"),
        [Optional(), Length(max=LONGEST_TEXT, message=forms.LONG)],
        description=_("贴上正文，带编号的各条会逐条存好，供方式说明引用。"),
    )


class PoliciesPage(RecordsPage):
    """Documents are entered once and stay: revisions quote them."""

    key = "policies"
    by_file = "document-rows"
    title = _("政策文件")
    section = "lists"
    access = SIGNED_IN
    change = Right.EDIT_LISTS
    record = Policy
    can_create = True
    form = PolicyForm
    column_list = ("number", "title", "issuer", "issued_on", "place")
    column_labels: ClassVar[dict[str, Any]] = {
        "number": _("文号"),
        "title": _("标题"),
        "issuer": _("发文机关"),
        "issued_on": _("发文日期"),
        "place": _("地方"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "place": lambda _view, _context, policy, _name: policy.place.name,
    }
    column_searchable_list = ("number", "title")
    column_sortable_list = ("number", "issued_on")
    column_default_sort = ("issued_on", True)

    def create_model(self, form: Any) -> Policy:
        """Add a document with its numbered clauses."""
        return service.add(
            form.place.data,
            by=self.account,
            number=form.number.data,
            title=form.title.data,
            issuer=form.issuer.data,
            issued_on=form.issued_on.data,
            clauses=numbered_clauses(form.text.data or ""),
        )
