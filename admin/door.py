"""Signing in: login and password, the code after it, a way back in for who forgot the password, links by e-mail."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote

import structlog
from flask import Response, current_app, flash, redirect, request, session
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired

from admin import forms
from admin.asking import EVERYBODY, asks
from admin.base import SIGNED_IN, Answer, carried_out, status
from admin.limited import LimitedPage
from portal import auth, clock
from portal.config import Settings
from portal.errors import NotFound, Refused
from portal.foundation.signins.links import queries as links
from portal.foundation.signins.links import service as sending
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.openid.provider import Provider, ProviderError
from portal.foundation.signins.openid.rules import attempt_of
from portal.foundation.signins.passwords.rules import SHORTEST_PASSWORD
from portal.i18n import TAGS, mark

log = structlog.get_logger(__name__)

REFUSAL = lazy_gettext("登录名或密码不对；如果刚才连续输错，账号会停一会儿，请稍后再试。")
"""One answer for an unknown login, a wrong password, a resting and a closed account."""

PASSWORD_HINT = lazy_gettext(
    "至少 %(count)d 个字符，不要用常见的密码，不要含登录名。几个不相干的词连起来又长又好记。",
    count=SHORTEST_PASSWORD,
)


class SignInForm(forms.StaffForm):
    """Login and password."""

    login = forms.text(
        lazy_gettext("登录名"), longest=64, render_kw={"autocomplete": "username", "autocapitalize": "none"}
    )
    password = PasswordField(
        lazy_gettext("密码"), [InputRequired(forms.REQUIRED)], render_kw={"autocomplete": "current-password"}
    )


class CodeForm(forms.StaffForm):
    """The code of the second factor."""

    code = forms.text(
        lazy_gettext("验证码"),
        longest=40,
        hint=lazy_gettext("手机上验证器现在显示的 6 位数字。手机不在身边，可以填一个恢复码。"),
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none"},
    )


class ForgottenForm(forms.StaffForm):
    """Who it is."""

    who = forms.text(lazy_gettext("登录名或邮箱"), longest=254, render_kw={"autocomplete": "username"})


def new_password() -> PasswordField:
    """The field for a password of one's own choice."""
    return PasswordField(
        lazy_gettext("新密码"),
        [InputRequired(forms.REQUIRED)],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
    )


def password_again() -> PasswordField:
    """The field for the same once more."""
    return PasswordField(
        lazy_gettext("新密码再输一遍"),
        [InputRequired(forms.REQUIRED), EqualTo("new", lazy_gettext("两次输入的密码不一样。"))],
        render_kw={"autocomplete": "new-password"},
    )


class ChosenPasswordForm(forms.StaffForm):
    """A password of one's own choice, typed twice."""

    new = new_password()
    again = password_again()


def own_address(wanted: str | None) -> str | None:
    """The address to go on to after signing in, if it is one of the staff door's; None otherwise."""
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return None
    path = unquote(wanted.partition("?")[0].partition("#")[0])
    return wanted if wanted.startswith(f"{auth.DOOR}/") and ".." not in path else None


def failed(response: Response) -> bool:
    """Whether an attempt to sign in counts against its address: only those that fail do."""
    return response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


class PasswordPage(LimitedPage):
    """The base of the pages that ask for a password: failures are limited by address."""

    abstract = True
    too_often = mark("从您这里输错的次数太多了，请过一分钟再试。")


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
        if auth.account() is not None:
            return redirect(self._onward())
        form = SignInForm()
        if form.validate_on_submit():
            if auth.sign_in(form.login.data, form.password.data) is not None:
                half = auth.pending() is not None
                return redirect(
                    self.get_url(".code", next=request.args.get("next")) if half else self._onward()
                )
            form.form_errors.append(REFUSAL)
        wanted, openid = own_address(request.args.get("next")), current_app.config["REMIT"].openid
        goes_on = wanted is not None and wanted != f"{auth.DOOR}/"
        return self.render("staff/sign_in.html", form=form, openid=openid, goes_on=goes_on), status()

    @expose("/code", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit(auth.FAILURES_LIMIT, methods=["POST"], deduct_when=failed)
    def code(self) -> Answer:
        """Ask for the code of the second factor; without a right password before it, back to the beginning."""
        if auth.account() is not None:
            return redirect(self._onward())
        if auth.pending() is None:
            return redirect(self.get_url(".sign_in", next=request.args.get("next")))
        form = CodeForm()
        if form.validate_on_submit():
            if auth.second(form.code.data) is not None:
                return redirect(self._onward())
            form.form_errors.append(_("验证码不对，或者已经用过；如果刚才连续输错，请稍后再试。"))
        return self.render("staff/sign_in_code.html", form=form), status()

    @expose("/forgotten", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit("10 per minute", methods=["POST"])
    def forgotten(self) -> Answer:
        """Send a link to whoever it is, and say the same to everybody."""
        form = ForgottenForm()
        asked = form.validate_on_submit() and carried_out(form, lambda: self._send(form.who.data))
        page = self.render("staff/forgotten.html", form=form, asked=asked)
        return page, HTTPStatus.OK if asked else status()

    @staticmethod
    def _send(who: str) -> None:
        sending.ready()
        sending.ask_reset(who, clock.now())

    @expose("/link/<token>", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit(auth.FAILURES_LIMIT)
    def link(self, token: str) -> Answer:
        """Choose a password by way of a link; signing in comes after it, with the code where there is one."""
        found = _good(token)
        form = ChosenPasswordForm()
        if form.validate_on_submit() and carried_out(form, lambda: self._choose(form, token)):
            auth.sign_out()
            flash(_("密码设好了，请登录。"), "success")
            return redirect(self.get_url(".sign_in"))
        return self.render("staff/link.html", form=form, link=found), status()

    @staticmethod
    def _choose(form: ChosenPasswordForm, token: str) -> None:
        sending.redeem(token, form.new.data, clock.now())

    @expose("/elsewhere")
    @auth.limiter.limit(auth.FAILURES_LIMIT)
    def elsewhere(self) -> Answer:
        """To the provider, where there is one; what has to come back with the person stays in its cookie."""
        try:
            provider = Provider.discover(_settings())
            onward = own_address(request.args.get("next")) or ""
            address, attempt = provider.begin(_back(), clock.now(), onward)
        except ProviderError as error:
            raise self._unbelieved(error) from error
        session["openid"] = attempt.kept()
        return redirect(address)

    @expose("/elsewhere/back")
    @auth.limiter.limit(auth.FAILURES_LIMIT, deduct_when=failed)
    def back(self) -> Answer:
        """Back from the provider: signed in as the account that is known to be this person's."""
        # The provider sends people by GET, and a session is written.
        auth.writing()
        attempt = attempt_of(session.pop("openid", None))
        if attempt is None:
            raise Refused("请从登录页重新开始。", "no_attempt")
        said = {name: value for name, value in request.args.items() if name != "lang"}
        try:
            identity = Provider.discover(_settings()).finish(attempt, said, _back(), clock.now())
        except ProviderError as error:
            raise self._unbelieved(error) from error
        if auth.sign_in_as(identity) is None:
            raise Refused("没有和您对应的账号，请联系系统管理员。", "no_account")
        half = auth.pending() is not None
        return redirect(self.get_url(".code", next=attempt.onward) if half else self._onward(attempt.onward))

    @staticmethod
    def _unbelieved(error: ProviderError) -> Refused:
        log.warning("signing in elsewhere failed", reason=str(error))
        return Refused("没能通过统一身份认证登录，请再试一次，或者用密码登录。", "provider")

    def _onward(self, wanted: str | None = None) -> str:
        """Where to go on to: the page that was wanted, or the first one, in the person's language."""
        wanted = request.args.get("next") if wanted is None else wanted
        onward = own_address(wanted) or self.get_url("home.index")
        account = auth.account()
        if account is not None and account.language in TAGS and "lang=" not in onward:
            tongue = account.language
            return onward if tongue == "zh_CN" else f"{onward}{'&' if '?' in onward else '?'}lang={tongue}"
        return onward


def _settings() -> Settings:
    settings: Settings = current_app.config["REMIT"]
    if not settings.openid.issuer:
        raise NotFound("没有这一页。")
    return settings


def _back() -> str:
    """Where the provider sends people back to: an address of the settings, in production never of the request."""
    root = current_app.config["REMIT"].public_url or request.host_url.rstrip("/")
    return f"{root}{auth.DOOR}/sign-in/elsewhere/back"


def _good(token: str) -> SignInLink:
    found = links.open_link(token, clock.now())
    if found is None:
        raise NotFound("这个链接已经用过或者过期了。请在登录页点“忘记密码”，或者请系统管理员再发一次邀请。")
    return found
