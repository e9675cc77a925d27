"""Bodies and the names they go by."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload
from wtforms import TextAreaField
from wtforms.validators import Length

from admin import forms
from admin.base import SIGNED_IN
from admin.foundation.lookups import PLACES
from admin.labels import label, options
from admin.records import RecordsPage
from portal.foundation.organisations import service
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.rights.rules import Right


class OrganisationForm(forms.StaffForm):
    """What is said of a body; its place stays."""

    name = forms.text(_("名称"), longest=128, hint=_("公文里的正式名称。"))
    kind = forms.choice(_("性质"), options(OrganisationKind))
    uscc = forms.text(_("统一社会信用代码"), longest=18, required=False)
    email = forms.text(_("收通知的邮箱"), longest=254, required=False)
    other_names = TextAreaField(
        _("别名"),
        [Length(max=2000, message=forms.LONG)],
        description=_("一行一个，例如：市住建局。文件里写别名时，按这里认。"),
    )

    def __init__(self, *args: Any, obj: Organisation | None = None, **kwargs: Any) -> None:
        if obj is not None:
            kwargs.setdefault("other_names", "\n".join(alias.name for alias in obj.aliases))
        super().__init__(*args, obj=obj, **kwargs)


class NewOrganisationForm(OrganisationForm):
    """A body that is not entered yet."""

    place = forms.LookupField(_("所在地方"), PLACES)


class OrganisationsPage(RecordsPage):
    """Departments, bureaus, governments, centres."""

    key = "organisations"
    title = _("机构")
    section = "bodies"
    access = SIGNED_IN
    change = Right.MANAGE_ORGANISATIONS
    record = Organisation
    can_create = can_edit = True
    form = OrganisationForm
    by_file = "body-rows"
    form_template = "staff/reorganisable.html"
    sort_of_subject: ClassVar[str] = "body"
    create_form_class: ClassVar[type[forms.StaffForm]] = NewOrganisationForm
    shown_with = (selectinload(Organisation.aliases),)
    column_list = ("name", "place", "kind", "aliases", "email", "ended_on")
    column_labels: ClassVar[dict[str, Any]] = {
        "name": _("名称"),
        "place": _("地方"),
        "kind": _("性质"),
        "aliases": _("别名"),
        "email": _("收通知的邮箱"),
        "ended_on": _("撤并日期"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "kind": lambda _view, _context, body, _name: label(body.kind),
        "place": lambda _view, _context, body, _name: body.place.name,
        "aliases": lambda _view, _context, body, _name: "、".join(alias.name for alias in body.aliases),
    }
    column_searchable_list = ("name", "place.name")
    column_sortable_list = ("name", "kind")
    column_default_sort = "name"

    def place_of(self, record: Organisation) -> int | None:
        """Where it stands."""
        return record.place_id

    def create_model(self, form: Any) -> Organisation:
        """Add a body with its aliases."""
        body = service.add(
            form.place.data,
            form.name.data,
            form.kind.data,
            by=self.account,
            uscc=form.uscc.data,
            email=form.email.data,
        )
        service.set_aliases(body, forms.lines(form.other_names.data), by=self.account)
        return body

    def update_model(self, form: Any, model: Organisation) -> Organisation:
        """Rename or describe a body and say its other names."""
        # Its other names first: a new name may be one of those, and the former one then joins them.
        service.set_aliases(model, forms.lines(form.other_names.data), by=self.account)
        return service.change(
            model,
            by=self.account,
            name=form.name.data,
            kind=form.kind.data,
            uscc=form.uscc.data,
            email=form.email.data,
        )
