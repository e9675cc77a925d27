"""Signing in, signing out and one's own password."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_limiter.errors import RateLimitExceeded
from wtforms import PasswordField
from wtforms.validators import InputRequired

from admin import forms
from admin.asking import EVERYBODY, asks
from admin.base import SIGNED_IN, Answer, StaffPage, carried_out, status
from admin.labels import label
from portal import auth
from portal.errors import Refused
from portal.foundation.signins.passwords import service
from portal.foundation.signins.passwords.rules import SHORTEST_PASSWORD

REFUSAL = lazy_gettext("登录名或密码不对；如果刚才连续输错，账号会停一会儿，请稍后再试。")
"""One answer for an unknown login, a wrong password, a resting and a closed account."""


class TooMany(Refused):
    """Too many attempts from one address."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class SignInForm(forms.StaffForm):
    """Login and password."""

    login = forms.text(
        lazy_gettext("登录名"), longest=64, render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = PasswordField(
        lazy_gettext("密码"), [InputRequired(forms.REQUIRED)], render_kw={"autocomplete": "current-password"}
    )


class PasswordForm(forms.StaffForm):
    """The old password and the new one."""

    old = PasswordField(
        lazy_gettext("现在的密码"),
        [InputRequired(forms.REQUIRED)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        lazy_gettext("新密码"),
        [InputRequired(forms.REQUIRED)],
        description=lazy_gettext("至少 %(count)d 个字符，不要含登录名。", count=SHORTEST_PASSWORD),
        render_kw={"autocomplete": "new-password"},
    )


def own_address(wanted: str | None) -> str | None:
    """The address to go on to after signing in, if it is one of the staff door's; None otherwise."""
    if not wanted or "\\" in wanted:
        return None
    parts = urlsplit(wanted)
    inside = parts.path.startswith(f"{auth.DOOR}/") and ".." not in parts.path
    return wanted if inside and not parts.scheme and not parts.netloc else None


def failed(response: Response) -> bool:
    """Whether an attempt to sign in counts against its address: only those that fail do."""
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


class PasswordPage(StaffPage):
    """The base of the pages that ask for a password: failures are limited by address."""

    abstract = True

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._run_view(fn, *args, **kwargs)
        except RateLimitExceeded:
            return self.refused(TooMany("从您这里输错的次数太多了，请过一分钟再试。"))


class SignInPage(PasswordPage):
    """The one page that is open to everybody."""

    key = "sign-in"
    title = lazy_gettext("登录")
    access = SIGNED_IN

    def is_accessible(self) -> bool:
        """Yes: nobody is signed in yet."""
        return True

    @expose("/", methods=("GET", "POST"))
    @asks(*EVERYBODY, reading=True)
    @auth.limiter.limit(auth.FAILURES_LIMIT, methods=["POST"], deduct_when=failed)
    def sign_in(self) -> Answer:
        """Ask for login and password; a person already signed in goes on."""
        onward = own_address(request.args.get("next")) or self.get_url("home.index")
        if auth.account() is not None:
            return redirect(onward)
        form = SignInForm()
        if form.validate_on_submit():
            if auth.sign_in(form.login.data, form.password.data) is not None:
                return redirect(onward)
            form.form_errors.append(REFUSAL)
        return self.render("staff/sign_in.html", form=form), status()


class OwnPage(PasswordPage):
    """What a person does with the own account."""

    key = "own"
    title = lazy_gettext("修改密码")
    access = SIGNED_IN

    @expose("/", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit(auth.FAILURES_LIMIT, methods=["POST"], deduct_when=failed)
    def password(self) -> Answer:
        """Change one's password: all sessions end but this one, which goes on under a new id."""
        form = PasswordForm()
        account = self.account
        if form.validate_on_submit() and carried_out(form, lambda: self._change(form)):
            flash(_("密码改好了；别处的登录都已经退出。"), "success")
            return redirect(self.get_url("home.index"))
        roles = "、".join(dict.fromkeys(str(label(post.role)) for post in account.held))
        return self.render("staff/password.html", form=form, account=account, roles=roles), status()

    def _change(self, form: PasswordForm) -> None:
        service.change_password(self.account, form.old.data, form.new.data)
        auth.begin(self.account)

    @expose("/sign-out", methods=("POST",))
    @asks(*EVERYBODY)
    def sign_out(self) -> Answer:
        """End this session."""
        auth.sign_out()
        return redirect(self.get_url("sign-in.sign_in"))
