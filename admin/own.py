"""My account: where I am signed in, my password, my second factor, my language."""

from __future__ import annotations

from typing import Any

import segno
from flask import current_app, flash, redirect
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import PasswordField
from wtforms.validators import InputRequired

from admin import forms
from admin.asking import EVERYBODY, asks
from admin.base import SIGNED_IN, Answer, carried_out, committed, status
from admin.door import PasswordPage, failed, new_password, password_again
from admin.foundation.standing import in_words
from admin.proof import asked_anew
from portal import auth, clock
from portal.foundation.accounts.service import choose_language
from portal.foundation.drafts import queries as drafts
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import may
from portal.foundation.signins.factors import queries as factors
from portal.foundation.signins.factors import service as factor_service
from portal.foundation.signins.passwords import service
from portal.foundation.signins.sessions import queries as sessions
from portal.foundation.signins.sessions import service as session_service
from portal.foundation.signins.sessions.rules import device_words
from portal.i18n import TAGS, language

_SPOKEN: dict[str, Any] = {
    "WeChat": lazy_gettext("微信"),
    "DingTalk": lazy_gettext("钉钉"),
    "QQ": lazy_gettext("QQ浏览器"),
    "360": lazy_gettext("360浏览器"),
    "Huawei": lazy_gettext("华为浏览器"),
    "UOS": lazy_gettext("统信UOS"),
    "Kylin": lazy_gettext("麒麟"),
}
"""Names that are not the same in every language."""


def device(agent: str) -> str:
    """What a session was opened on, in words: `Chrome，Windows`."""
    known = [str(_SPOKEN.get(each, each)) for each in device_words(agent) if each]
    return str(_("，")).join(known) or str(_("不认识的设备"))


class PasswordForm(forms.StaffForm):
    """The old password and the new one."""

    old = PasswordField(
        lazy_gettext("现在的密码"),
        [InputRequired(forms.REQUIRED)],
        render_kw={"autocomplete": "current-password"},
    )
    new = new_password()
    again = password_again()


class LanguageForm(forms.StaffForm):
    """The language that the person works in."""

    language = forms.ChoiceField(
        lazy_gettext("语言"),
        [InputRequired(forms.REQUIRED)],
        choices=forms.choices([("zh_CN", "中文"), ("en", "English")]),
    )


class CodeForm(forms.StaffForm):
    """The first code that the app shows."""

    code = forms.text(
        lazy_gettext("验证码"),
        longest=40,
        hint=lazy_gettext("扫码以后，验证器会显示 6 位数字，每半分钟换一次。"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class OwnPage(PasswordPage):
    """What a person does with the own account."""

    key = "own"
    title = lazy_gettext("我的账号")
    access = SIGNED_IN

    @expose("/")
    def index(self) -> Answer:
        """Sessions, password, second factor, language, notices."""
        account, at = self.account, clock.now()
        return self.render(
            "staff/own.html",
            account=account,
            roles=in_words(account),
            stands=may(account, Right.APPROVE),
            keeps=may(account, Right.KEEP_UNIT),
            sessions=sessions.sessions_of(account, at),
            present=sessions.session_of(auth.token(), at),
            factor=factors.has_factor(account),
            required=factors.required(account),
            codes_left=factors.codes_left(account),
            drafts=drafts.count(account),
            form=LanguageForm(language=account.language or language()),
        )

    @expose("/sessions/<int:session_id>/end", methods=("POST",))
    @asks(*EVERYBODY)
    def end(self, session_id: int) -> Answer:
        """End one of my sessions, wherever it is."""
        committed(lambda: session_service.end_session(self.account, session_id))
        flash(_("那一处已经退出。"), "success")
        return redirect(self.get_url(".index"))

    @expose("/sessions/end-others", methods=("POST",))
    @asks(*EVERYBODY)
    def end_others(self) -> Answer:
        """End all my sessions but this one."""
        committed(lambda: session_service.end_others(self.account, auth.token()))
        flash(_("别处的登录都已经退出。"), "success")
        return redirect(self.get_url(".index"))

    @expose("/language", methods=("POST",))
    @asks(*EVERYBODY)
    def tongue(self) -> Answer:
        """Keep the language that I work in."""
        form = LanguageForm()
        if form.validate():
            chosen = str(form.language.data)
            committed(lambda: choose_language(self.account, chosen))
            flash(_("已经保存。"), "success")
            return redirect(self.get_url(".index", lang=None if chosen == next(iter(TAGS)) else chosen))
        return redirect(self.get_url(".index"))

    @expose("/password/", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit(auth.FAILURES_LIMIT, methods=["POST"], deduct_when=failed)
    def password(self) -> Answer:
        """Change one's password: all sessions end but this one, which goes on under a new id."""
        form = PasswordForm()
        known = form.validate_on_submit() and self._known(form)
        if known and carried_out(form, lambda: self._change(form)):
            flash(_("密码改好了；别处的登录都已经退出。"), "success")
            return redirect(self.get_url("home.index"))
        account = self.account
        roles = in_words(account)
        return self.render("staff/password.html", form=form, account=account, roles=roles), status()

    @staticmethod
    def _known(form: PasswordForm) -> bool:
        """Whether the present password is right; else the form says so."""
        if auth.knows_password(form.old.data):
            return True
        form.form_errors.append(_("现在的密码不对；如果刚才连续输错，请过一会儿再试。"))
        return False

    def _change(self, form: PasswordForm) -> None:
        service.change_password(self.account, form.old.data, form.new.data)
        auth.begin(self.account)

    @expose("/sign-out", methods=("POST",))
    @asks(*EVERYBODY)
    def sign_out(self) -> Answer:
        """End this session."""
        auth.sign_out()
        return redirect(self.get_url("sign-in.sign_in"))


class FactorPage(PasswordPage):
    """My second factor: set up, recovery codes, another phone."""

    key = "factor"
    title = lazy_gettext("第二验证")
    access = SIGNED_IN

    @expose("/", methods=("GET", "POST"))
    @asks(*EVERYBODY)
    @auth.limiter.limit(auth.FAILURES_LIMIT, methods=["POST"], deduct_when=failed)
    def index(self) -> Answer:
        """How it stands; while it is being set up a POST with the first code switches it on."""
        form = CodeForm()
        codes: list[str] = []
        if form.validate_on_submit() and carried_out(form, lambda: self._confirm(form, codes)):
            return self.render("staff/factor_codes.html", codes=codes)
        return self._page(form), status()

    def _page(self, form: CodeForm) -> str:
        account = self.account
        factor = factors.factor_of(account)
        pending = factor if factor is not None and factor.confirmed_at is None else None
        address = factor_service.address_for_app(pending, account, _site()) if pending else ""
        return self.render(
            "staff/factor.html",
            form=form,
            factor=factor,
            pending=pending,
            picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4) if address else "",
            required=factors.required(account),
            codes_left=factors.codes_left(account),
        )

    def _confirm(self, form: CodeForm, codes: list[str]) -> None:
        codes.extend(factor_service.confirm(self.account, form.code.data, clock.now()))
        auth.begin(self.account)

    @expose("/begin", methods=("POST",))
    @asks(*EVERYBODY)
    @asked_anew
    def begin(self) -> Answer:
        """Make up a secret; the page then shows it."""
        committed(lambda: factor_service.begin(self.account, clock.now()))
        return redirect(self.get_url(".index"))

    @expose("/codes", methods=("POST",))
    @asks(*EVERYBODY)
    @asked_anew
    def codes(self) -> Answer:
        """New recovery codes instead of the former ones."""
        made = committed(lambda: factor_service.renew_codes(self.account))
        return self.render("staff/factor_codes.html", codes=made)

    @expose("/replace", methods=("POST",))
    @asks(*EVERYBODY)
    @asked_anew
    def replace(self) -> Answer:
        """Another phone: the former app stops, a new secret is shown."""
        committed(lambda: factor_service.replace(self.account, clock.now()))
        return redirect(self.get_url(".index"))

    @expose("/give-up", methods=("POST",))
    @asks(*EVERYBODY)
    @asked_anew
    def give_up(self) -> Answer:
        """Take the second factor away, where it is not asked for by the role."""
        committed(lambda: factor_service.give_up(self.account))
        flash(_("第二验证已经关闭。"), "success")
        return redirect(self.get_url("own.index"))


def _site() -> str:
    return str(current_app.config["REMIT"].site.name)
