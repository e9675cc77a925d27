"""The rows of a list's working copy."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import joinedload, selectinload
from wtforms import TextAreaField
from wtforms.validators import Length

from admin import forms
from admin.base import DRAFTS
from admin.labels import label, options
from admin.powers.drafts import seen_copies, seen_list
from admin.powers.scopes import exception_rows, read_exceptions, stored_rows
from admin.records import RecordsPage
from portal.foundation.publishing.models import Proposal
from portal.foundation.publishing.queries import open_proposal
from portal.foundation.publishing.rules import Subject
from portal.foundation.rights.rules import Right
from portal.powers.lists import service
from portal.powers.lists.models import Delegation, ListKind, ScopeException
from portal.powers.lists.rules import Mode
from portal.powers.lists.transfers.rules import LINKED, TRANSFER_LABELS
from portal.powers.lists.transfers.service import usual_label
from portal.powers.matters.models import Matter


class DelegationForm(forms.StaffForm):
    """How one matter is handed down."""

    mode = forms.choice(_("通常的方式"), options(Mode))
    mode_label = forms.text(_("文件里的叫法"), longest=64, required=False)
    remark = TextAreaField(_("备注原文"), [Length(max=4000, message=forms.LONG)])
    exceptions = exception_rows()
    sub_items = TextAreaField(
        _("只下放的子项"),
        [Length(max=4000, message=forms.LONG)],
        description=_("一行一个；整个事项都下放的，不填。"),
    )

    def __init__(self, *args: Any, obj: Delegation | None = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs = {
                "mode": obj.mode,
                "mode_label": obj.mode_label,
                "remark": obj.remark,
                "exceptions": stored_rows(obj.exceptions),
                "sub_items": "\n".join(part.name for part in obj.sub_items),
                **kwargs,
            }
        super().__init__(*args, **kwargs)
        if obj is not None and obj.power_list.kind is ListKind.TRANSFER:
            self.mode.choices = forms.choices((mode, gettext(said)) for mode, said in TRANSFER_LABELS.items())
            self.sub_items.label.text = gettext(LINKED)
            self.sub_items.description = gettext("一行一个；没有的，不填。")


class DelegationsPage(RecordsPage):
    """Rows of one list, `?list=<id>`; they enter by import and are put right here."""

    key = "delegations"
    title = _("清单里的事项")
    section = "lists"
    listed = False
    access = DRAFTS
    change = Right.EDIT_LISTS
    record = Delegation
    can_edit = can_delete = True
    form = DelegationForm
    list_template = "staff/delegations.html"
    form_template = "staff/delegation.html"
    removing = _("移出清单")
    deleting = _("这一项退出清单，下次公布以后才对外生效；公布以前可以在“这次改了什么”里撤销。")
    parts: ClassVar[dict[str, str]] = {"scope_exceptions": "delegation_id", "sub_items": "delegation_id"}
    shown_with = (
        joinedload(Delegation.power_list),
        joinedload(Delegation.matter).joinedload(Matter.organisation),
        selectinload(Delegation.exceptions).joinedload(ScopeException.place),
        selectinload(Delegation.exceptions).joinedload(ScopeException.group),
    )
    kept = ("list",)
    column_list = ("seq", "matter", "power_list", "department", "mode", "exceptions", "remark")
    column_labels: ClassVar[dict[str, Any]] = {
        "seq": _("序号"),
        "matter": _("事项"),
        "power_list": _("清单"),
        "department": _("部门"),
        "mode": _("通常的方式"),
        "exceptions": _("例外"),
        "remark": _("备注原文"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "matter": lambda _view, _context, row, _name: row.matter.name,
        "power_list": lambda _view, _context, row, _name: row.power_list.title,
        "department": lambda _view, _context, row, _name: (
            row.matter.organisation.name if row.matter.organisation else ""
        ),
        "mode": lambda _view, _context, row, _name: _mode_word(row),
        "exceptions": lambda _view, _context, row, _name: "；".join(
            f"{each['places']}：{label(each['mode'])}" for each in stored_rows(row.exceptions)
        ),
    }
    column_searchable_list = ("matter.name", "remark")
    column_sortable_list = ("seq",)
    column_default_sort = "position"

    def scope(self, query: Any) -> Any:
        """The rows of the list that the address names, or of all lists whose working copies the visitor may see."""
        chosen = self.chosen()
        own = [each.id for each in seen_copies()]
        return query.filter(Delegation.list_id == chosen if chosen in own else Delegation.list_id.in_(own))

    def place_of(self, record: Delegation) -> int | None:
        """The place that issued its list."""
        return record.power_list.place_id

    @staticmethod
    def chosen() -> int | None:
        """The id of the list that the address names, or None; whether the visitor may see it is asked elsewhere."""
        text = request.args.get("list", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004

    def heading(self) -> str:
        """The list's title."""
        chosen = self.chosen()
        return seen_list(chosen).title if chosen else str(self.title)

    def title_of(self, record: Delegation) -> str:
        """The matter's name."""
        return str(record.matter.name)

    def bound_by(self, record: Delegation | None) -> Proposal | None:
        """Its list, once it is put forward."""
        list_id = record.list_id if record else self.chosen()
        return open_proposal(Subject.LIST, list_id) if list_id else None

    def back_to(self, record: Delegation | None) -> str:
        """The row's list."""
        return str(self.get_url(".index_view", list=record.list_id if record else None))

    def update_model(self, form: Any, model: Delegation) -> Delegation:
        """Say how the matter is handed down."""
        return service.change_delegation(
            model,
            mode=form.mode.data,
            mode_label=form.mode_label.data,
            remark=form.remark.data or "",
            exceptions=read_exceptions(form.exceptions.data, model.power_list.place),
            sub_items=(form.sub_items.data or "").splitlines(),
            by=self.account,
        )

    def delete_model(self, model: Delegation) -> None:
        """Take the matter out of the working copy."""
        service.remove_delegation(model, by=self.account)


def _mode_word(row: Delegation) -> Any:
    said = usual_label(row.power_list, row.mode)
    return gettext(said) if said else label(row.mode)
