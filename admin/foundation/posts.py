"""Posts of a person: given, and ended on a day. Kept by the administrator."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from flask import flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin import forms
from admin.asking import asks
from admin.base import Answer, StaffPage, carried_out, status
from admin.foundation.lookups import ORGANISATIONS, PLACES
from admin.labels import options
from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts import service
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right, Role

ONE = "<int:account_id>"


class PostForm(forms.StaffForm):
    """A post as the administrator gives it."""

    role = forms.choice(_("身份"), options(Role))
    organisation = forms.LookupField(
        _("单位"), ORGANISATIONS, required=False, hint=_("市直部门经办人、监管人员必须填；收这个单位的通知。")
    )
    place = forms.LookupField(
        _("地方"),
        PLACES,
        required=False,
        hint=_("编辑、批准人填所在的市；县（市、区）经办人填本地。只管这个地方和下级的记录。"),
    )
    since = forms.DayField(_("第一天"), hint=_("不填就从今天起。"))
    until = forms.DayField(_("最后一天"), hint=_("不知道就不填。"))

    def appointment(self) -> service.Appointment:
        """The form as the service takes it."""
        return service.Appointment(
            self.role.data, self.organisation.data, self.place.data, self.since.data, self.until.data
        )


class When(StrEnum):
    """How soon a post ends."""

    NOW = "now"
    DAY = "day"
    NEVER = "never"


class EndForm(forms.StaffForm):
    """When a post ends."""

    when = forms.choice(
        _("什么时候结束"),
        [
            (When.NOW, _("现在就结束，马上退出登录")),
            (When.DAY, _("到下面这一天为止")),
            (When.NEVER, _("不结束，取消原定的日子")),
        ],
    )
    on = forms.DayField(_("最后一天"), hint=_("选“到下面这一天为止”时填。"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A day is given where one is asked for."""
        whole = bool(super().validate(extra_validators))
        if whole and self.when.data is When.DAY and self.on.data is None:
            self.on.errors = [forms.REQUIRED]
            return False
        return whole

    def last_day(self) -> date | None:
        """The last day; None for no end."""
        if self.when.data is When.NEVER:
            return None
        if self.when.data is When.DAY:
            return date.fromisoformat(str(self.on.data))
        return clock.today() - timedelta(days=1)


class PostsPage(StaffPage):
    """A person's posts."""

    key = "posts"
    title = _("任职")
    section = "system"
    listed = False
    access = frozenset({Right.MANAGE_ACCOUNTS})

    @expose("/")
    def index(self) -> Answer:
        """To the people: posts are looked up by person."""
        return redirect(self.get_url("accounts.index_view"))

    @expose(f"/{ONE}/")
    def show(self, account_id: int) -> Answer:
        """Every post, those held now first."""
        account = self._account(account_id)
        posts = sorted(account.posts, key=lambda each: (each not in account.held, -each.id))
        return self.render("staff/posts.html", account=account, posts=posts, today=clock.today())

    @expose(f"/{ONE}/new", methods=("GET", "POST"))
    @asks(Right.MANAGE_ACCOUNTS)
    def give(self, account_id: int) -> Answer:
        """One more post."""
        account, form = self._account(account_id), PostForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: service.appoint(account, form.appointment(), by=self.account)
        ):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", account_id=account_id))
        return self.render("staff/post.html", account=account, post=None, form=form), status()

    @expose(f"/{ONE}/<int:post_id>/end", methods=("GET", "POST"))
    @asks(Right.MANAGE_ACCOUNTS)
    def end(self, account_id: int, post_id: int) -> Answer:
        """Say when a post ends."""
        account = self._account(account_id)
        post = next((each for each in account.posts if each.id == post_id), None)
        if post is None:
            raise NotFound("没有这个任职。")
        form = EndForm()
        if form.validate_on_submit() and carried_out(
            form, lambda: service.end_post(post, last_day=form.last_day(), by=self.account)
        ):
            flash(gettext("已经保存。"), "success")
            return redirect(self.get_url(".show", account_id=account_id))
        return self.render("staff/post.html", account=account, post=post, form=form), status()

    @staticmethod
    def _account(account_id: int) -> Account:
        account = db.session.get(Account, account_id)
        if account is None:
            raise NotFound("没有这个账号。")
        return account
