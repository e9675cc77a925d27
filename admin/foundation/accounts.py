"""Accounts: kept by the administrator."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField
from wtforms.validators import InputRequired

from admin import forms
from admin.base import Answer, RecordsPage, carried_out
from admin.foundation.lookups import ORGANISATIONS, PLACES
from admin.labels import label, options
from portal.foundation.accounts import service
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right, Role
from portal.foundation.signins.passwords.rules import SHORTEST_PASSWORD
from portal.foundation.signins.passwords.service import set_password

PASSWORD_HINT = _(
    "至少 %(count)d 个字符，不要含登录名；请当面或用别的安全办法告诉本人。", count=SHORTEST_PASSWORD
)


class AccountForm(forms.StaffForm):
    """What the administrator keeps of a person."""

    login = forms.text(_("登录名"), longest=64, hint=_("小写字母、数字、点、横线或下划线。"))
    name = forms.text(_("姓名"), longest=64)
    role = forms.choice(_("身份"), options(Role))
    organisation = forms.LookupField(_("单位"), ORGANISATIONS, required=False, hint=_("收哪个单位的通知。"))
    place = forms.LookupField(
        _("地方"), PLACES, required=False, hint=_("县（市、区）经办人必须填，只能改这个地方的记录。")
    )
    email = forms.text(_("邮箱"), longest=254, required=False)
    active = BooleanField(_("可以登录"), default=True)

    def person(self) -> service.Person:
        """The form as the service takes it."""
        return service.Person(
            login=self.login.data.lower(),
            name=self.name.data,
            role=self.role.data,
            email=self.email.data,
            organisation_id=self.organisation.data.id if self.organisation.data else None,
            place_id=self.place.data.id if self.place.data else None,
            active=self.active.data,
        )


class NewAccountForm(AccountForm):
    """A new person, with a first password."""

    password = PasswordField(
        _("第一个密码"),
        [InputRequired(forms.REQUIRED)],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(forms.StaffForm):
    """Another password for somebody who forgot it."""

    password = PasswordField(
        _("新密码"),
        [InputRequired(forms.REQUIRED)],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )


class AccountsPage(RecordsPage):
    """Everybody who can sign in. Accounts are closed, never removed: records refer to them."""

    key = "accounts"
    title = _("账号")
    section = "system"
    access = frozenset({Right.MANAGE_ACCOUNTS})
    change = Right.MANAGE_ACCOUNTS
    record = Account
    can_create = can_edit = True
    form = AccountForm
    create_form_class: ClassVar[type[forms.StaffForm]] = NewAccountForm
    form_template = "staff/account.html"
    column_list = ("login", "name", "role", "organisation", "place", "active")
    column_labels: ClassVar[dict[str, Any]] = {
        "login": _("登录名"),
        "name": _("姓名"),
        "role": _("身份"),
        "organisation": _("单位"),
        "place": _("地方"),
        "active": _("状态"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "role": lambda _view, _context, account, _name: label(account.role),
        "organisation": lambda _view, _context, account, _name: (
            account.organisation.name if account.organisation else ""
        ),
        "place": lambda _view, _context, account, _name: account.place.name if account.place else "",
        "active": lambda _view, _context, account, _name: _("可以登录") if account.active else _("已停用"),
    }
    column_searchable_list = ("login", "name")
    column_sortable_list = ("login", "name", "role")
    column_default_order = "login"

    def create_model(self, form: Any) -> Account:
        """Add a person."""
        account = service.create_account(self.account, form.person())
        set_password(self.account, account, form.password.data)
        return account

    def update_model(self, form: Any, model: Account) -> None:
        """Change what is kept of a person."""
        service.change_account(self.account, model, form.person())

    @expose("/password/", methods=("GET", "POST"))
    def password(self) -> Answer:
        """Give a person a new password."""
        account = self.get_one(request.args.get("id"))
        form = NewPasswordForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: set_password(self.account, account, form.password.data)
        ):
            flash(gettext("密码改好了；%(name)s要重新登录。", name=account.name), "success")
            return redirect(self.get_url(".index_view"))
        return self.page_with(form, account)
