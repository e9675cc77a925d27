"""Matters: whether they still exist, and what people call them."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload
from wtforms import TextAreaField
from wtforms.validators import Length

from admin import forms
from admin.base import DRAFTS
from admin.bulk import BulkAct, BulkPage
from admin.labels import label, options
from admin.listing import Narrowing
from admin.powers.drafts import issuers
from portal.foundation.rights.rules import Right
from portal.powers.matters import service
from portal.powers.matters.models import Matter
from portal.powers.matters.rules import MatterStatus


class MatterForm(forms.StaffForm):
    """Status and everyday names; name, code and type come from the lists."""

    status = forms.choice(_("状态"), options(MatterStatus))
    status_since = forms.DayField(_("从哪一天起"), hint=_("写成 2021-06-15；取消的事项必填。"))
    status_document = forms.text(_("依据的文件"), longest=255, required=False)
    names = TextAreaField(
        _("常用叫法"),
        [Length(max=4000, message=forms.LONG)],
        description=_("一行一个，例如：办营业执照。公众可以用它来查。"),
    )

    def __init__(self, *args: Any, obj: Matter | None = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs.setdefault("names", "\n".join(each.name for each in obj.everyday_names))
        super().__init__(*args, obj=obj, **kwargs)


class StatusForm(forms.StaffForm):
    """Whether many matters still exist."""

    status = forms.choice(_("状态"), options(MatterStatus))
    status_since = forms.DayField(_("从哪一天起"), hint=_("写成 2021-06-15；取消的事项必填。"))
    status_document = forms.text(_("依据的文件"), longest=255, required=False)

    def said(self) -> dict[str, str]:
        """As each row says it."""
        since = self.status_since.data
        return {
            "to": self.status.data.value,
            "day": since.isoformat() if since else "",
            "by_document": self.status_document.data,
        }


class MattersPage(BulkPage):
    """Every matter that a list has brought in; changes become public with the list's next revision."""

    key = "matters"
    title = _("事项")
    section = "lists"
    access = DRAFTS
    change = Right.EDIT_LISTS
    record = Matter
    can_edit = True
    form = MatterForm
    intro = _("状态和常用叫法随清单的下一版公布。")
    by_file = "name-rows"
    acts = (BulkAct("matters-status", StatusForm, StatusForm.said),)

    def scope(self, query: Any) -> Any:
        """Those of the places whose working copies the visitor may see."""
        own = issuers(self.account)
        return query if own is None else query.filter(Matter.place_id.in_(own))

    def place_of(self, record: Matter) -> int | None:
        """The place that issued it."""
        return record.place_id

    shown_with = (selectinload(Matter.everyday_names),)
    column_list = ("name", "code", "type", "organisation", "status", "everyday_names")
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("名称"),
        "code": _("编码"),
        "type": _("类型"),
        "organisation": _("部门"),
        "status": _("状态"),
        "everyday_names": _("常用叫法"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "type": lambda _view, _context, matter, _name: matter.type.label,
        "organisation": lambda _view, _context, matter, _name: (
            matter.organisation.name if matter.organisation else ""
        ),
        "status": lambda _view, _context, matter, _name: label(matter.status),
        "everyday_names": lambda _view, _context, matter, _name: "、".join(
            each.name for each in matter.everyday_names
        ),
    }
    narrowed_by = (Narrowing.of("status", _("状态"), Matter.status, MatterStatus),)
    column_searchable_list = ("name", "code")
    column_sortable_list = ("name", "code", "type", "status")
    column_default_sort = "id"

    def update_model(self, form: Any, model: Matter) -> None:
        """Set the status and the everyday names."""
        service.set_status(
            model,
            form.status.data,
            by=self.account,
            since=form.status_since.data,
            document=form.status_document.data,
        )
        service.set_everyday_names(model, (form.names.data or "").splitlines(), by=self.account)
