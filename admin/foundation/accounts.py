"""Accounts: kept by the administrator."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import selectinload
from wtforms import BooleanField

from admin import forms
from admin.bulk import BulkAct, BulkPage
from admin.foundation.posts import PostForm
from admin.foundation.standing import post_in_words
from admin.listing import Narrowing
from portal import clock
from portal.foundation.accounts import service
from portal.foundation.accounts.models import Account, Post
from portal.foundation.rights.rules import Right, living


def _posts(account: Account) -> str:
    """Today's posts in a few words."""
    return "；".join(
        " ".join(filter(None, (post.organisation.name if post.organisation else "", post_in_words(post))))
        for post in living(account.posts, clock.today())
    )


class AccountForm(forms.StaffForm):
    """What the administrator keeps of a person."""

    login = forms.text(_("登录名"), longest=64, hint=_("小写字母、数字、点、横线或下划线。"))
    name = forms.text(_("姓名"), longest=64)
    email = forms.text(_("邮箱"), longest=254, required=False, hint=_("邀请和重设密码的链接发到这里。"))
    active = BooleanField(_("可以登录"), default=True)

    def person(self) -> service.Person:
        """The form as the service takes it."""
        return service.Person(
            login=self.login.data.lower(),
            name=self.name.data,
            email=self.email.data,
            active=self.active.data,
        )


class NewAccountForm(AccountForm, PostForm):
    """A new person, with a first post."""


class LastDayForm(forms.StaffForm):
    """When posts end."""

    day = forms.DayField(_("最后一天"), required=True, hint=_("这一天过后不再有权限；早于这一天结束的不变。"))

    def said(self) -> dict[str, str]:
        """As each row says it."""
        return {"day": self.day.data.isoformat()}


class AccountsPage(BulkPage):
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
    acts = (BulkAct("accounts-end", LastDayForm, LastDayForm.said),)
    column_list = ("login", "name", "posts", "active")
    shown_with = (
        selectinload(Account.posts).joinedload(Post.organisation),
        selectinload(Account.posts).joinedload(Post.standing_in_for),
    )
    column_labels: ClassVar[dict[str, Any]] = {
        "login": _("登录名"),
        "name": _("姓名"),
        "posts": _("任职"),
        "active": _("状态"),
    }
    column_formatters: ClassVar[dict[str, Any]] = {
        "posts": lambda _view, _context, account, _name: _posts(account),
        "active": lambda _view, _context, account, _name: _("可以登录") if account.active else _("已停用"),
    }
    narrowed_by = (
        Narrowing(
            "active",
            _("状态"),
            Account.active,
            (("yes", True, _("可以登录")), ("no", False, _("已停用"))),
        ),
    )
    column_searchable_list = ("login", "name")
    column_sortable_list = ("login", "name")
    column_default_sort = "login"

    def create_model(self, form: Any) -> Account:
        """Add a person, who is then invited."""
        return service.create_account(self.account, form.person(), form.appointment())

    def update_model(self, form: Any, model: Account) -> None:
        """Change what is kept of a person."""
        service.change_account(self.account, model, form.person())
