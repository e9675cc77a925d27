"""How one person gets in, for the administrator: invitation, second factor, sessions."""

from __future__ import annotations

from flask import current_app, flash, redirect
from flask_admin import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from admin.asking import asks
from admin.base import Answer, StaffPage, committed
from admin.foundation.standing import in_words
from admin.proof import asked_anew
from portal import clock
from portal.db import db
from portal.errors import NotFound
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right
from portal.foundation.signins.factors import queries as factors
from portal.foundation.signins.factors.service import take_away
from portal.foundation.signins.links import queries as links
from portal.foundation.signins.links.service import invite
from portal.foundation.signins.openid import queries as openid
from portal.foundation.signins.openid.service import unlink
from portal.foundation.signins.sessions import queries as sessions
from portal.foundation.signins.sessions.service import end_all


class AccessPage(StaffPage):
    """Invite, let back in, shut out; nobody sets another person's password."""

    key = "access"
    title = _("登录和邀请")
    section = "system"
    listed = False
    access = frozenset({Right.MANAGE_ACCOUNTS})

    @expose("/")
    def index(self) -> Answer:
        """Persons are chosen in the list of accounts."""
        return redirect(self.get_url("accounts.index_view"))

    @expose("/<int:account_id>/")
    def show(self, account_id: int) -> Answer:
        """How it stands with a person's password, second factor and sessions."""
        account, at = _account(account_id), clock.now()
        link, issuer = links.newest(account), current_app.config["REMIT"].openid.issuer
        return self.render(
            "staff/access.html",
            account=account,
            roles=in_words(account),
            link=link,
            link_open=link is not None and link.used_at is None and link.expires_at > at,
            factor=factors.has_factor(account),
            required=factors.required(account),
            codes_left=factors.codes_left(account),
            identity=openid.identity_of(account, issuer) if issuer else None,
            issuer=issuer,
            sessions=sessions.sessions_of(account, at),
        )

    @expose("/<int:account_id>/invite", methods=("POST",))
    @asks(Right.MANAGE_ACCOUNTS)
    def invite(self, account_id: int) -> Answer:
        """Send the link by which the person sets a password."""
        account = _account(account_id)
        committed(lambda: invite(self.account, account, clock.now()))
        flash(gettext("链接正在发到 %(email)s。", email=account.email), "success")
        return redirect(self.get_url(".show", account_id=account_id))

    @expose("/<int:account_id>/end-sessions", methods=("POST",))
    @asks(Right.MANAGE_ACCOUNTS)
    def end_sessions(self, account_id: int) -> Answer:
        """Sign the person out, wherever."""
        account = _account(account_id)
        committed(lambda: end_all(self.account, account))
        flash(gettext("%(name)s的登录都已经退出。", name=account.name), "success")
        return redirect(self.get_url(".show", account_id=account_id))

    @expose("/<int:account_id>/take-factor", methods=("POST",))
    @asks(Right.MANAGE_ACCOUNTS)
    @asked_anew
    def take_factor(self, account_id: int) -> Answer:
        """Remove the second factor of somebody who lost it."""
        account = _account(account_id)
        committed(lambda: take_away(self.account, account))
        flash(gettext("%(name)s的第二验证已经去掉，下次登录要重新设置。", name=account.name), "success")
        return redirect(self.get_url(".show", account_id=account_id))

    @expose("/<int:account_id>/unlink", methods=("POST",))
    @asks(Right.MANAGE_ACCOUNTS)
    @asked_anew
    def unlink(self, account_id: int) -> Answer:
        """Forget who the person is at the provider."""
        account = _account(account_id)
        committed(lambda: unlink(self.account, account, current_app.config["REMIT"].openid.issuer))
        flash(gettext("已经取消关联。"), "success")
        return redirect(self.get_url(".show", account_id=account_id))


def _account(account_id: int) -> Account:
    found = db.session.get(Account, account_id)
    if found is None:
        raise NotFound("没有这个账号。")
    return found
