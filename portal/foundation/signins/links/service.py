"""Verbs on links: invite, offer a way back in, send, take."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from flask import current_app
from sqlalchemy import delete, func, or_, select, update

from portal.config import Settings
from portal.crypto import keys
from portal.db import db
from portal.errors import NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.accounts.service import require
from portal.foundation.rights.rules import Right
from portal.foundation.signins.links import queries
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.links.rules import BETWEEN, LIFETIMES, LinkPurpose, waits
from portal.foundation.signins.passwords.service import choose_password
from portal.foundation.signins.sessions.queries import token_hash
from portal.foundation.signins.tries.service import forgive
from portal.queue import Job, ring

OUT_OF_DATE = timedelta(days=7)
"""So long after its end a link is still shown to the administrator; then its row goes."""


def invite(by: Account, account: Account, at: datetime) -> None:
    """Send a link by which a person sets its first password, or another one when it has one.

    The e-mail leaves in the background. Raises Forbidden, or Refused for a closed account, one without an
    e-mail address, or an installation that can send none.
    """
    require(by, Right.MANAGE_ACCOUNTS)
    if not account.active:
        raise Refused("这个账号已经停用，请先启用。", "closed")
    if not account.email:
        raise Refused("这个账号没有邮箱，请先填上。", "no_email")
    ready()
    purpose = LinkPurpose.RESET if account.password_hash else LinkPurpose.INVITE
    _make(account, purpose, at, by)


def ask_reset(who: str, at: datetime) -> None:
    """Send a link to whoever has this login or e-mail address, if anybody; the caller answers the same to all.

    Nothing happens to an account that was sent one a moment ago, has no address, was not invited yet, or is closed.
    """
    wanted = who.strip().lower()
    query = (
        select(Account)
        .where(or_(Account.login == wanted, func.lower(Account.email) == wanted), Account.active.is_(True))
        .with_for_update()
        .limit(5)
    )
    for account in db.session.scalars(query).all():
        last = queries.newest(account)
        if account.email and account.password_hash and (last is None or at - last.created_at >= BETWEEN):
            _make(account, LinkPurpose.RESET, at, None)


def redeem(token: str, password: str, at: datetime) -> Account:
    """Set the password of the account that the link was sent to. It, and every other link of the account, is used up.

    Raises NotFound when the link is not good (any more), Refused when the password is not fit.
    """
    link = queries.open_link(token, at)
    if link is None:
        raise NotFound("这个链接已经用过或者过期了。")
    account = db.session.scalars(select(Account).where(Account.id == link.account_id).with_for_update()).one()
    # Of two that come with the same link, one changes the row.
    taken = db.session.execute(
        update(SignInLink).where(SignInLink.id == link.id, SignInLink.used_at.is_(None)).values(used_at=at)
    )
    if not taken.rowcount:  # type: ignore[attr-defined]
        raise NotFound("这个链接已经用过或者过期了。")
    choose_password(account, password)
    forgive(account)
    _void(account, at)
    return account


def claim(at: datetime) -> list[SignInLink]:
    """The links whose e-mail this worker sends now; the caller commits before it does, so that no other takes them."""
    db.session.execute(delete(SignInLink).where(SignInLink.expires_at < at - OUT_OF_DATE))
    taken = []
    for key in queries.due(at):
        link = db.session.scalars(
            select(SignInLink).where(SignInLink.id == key).with_for_update(skip_locked=True)
        ).one_or_none()
        if link is not None and link.sent_at is None and link.next_at <= at:
            link.attempts += 1
            link.next_at = at + waits(link.attempts)
            taken.append(link)
    db.session.flush()
    return taken


def settle(link: SignInLink, at: datetime, error: str) -> None:
    """Write down what became of the e-mail; an `error` means another time. What was sent is not kept."""
    link.error = error[:255]
    if not error:
        link.sent_at = at
        link.sealed = ""
    db.session.flush()


def ready() -> None:
    """Let it pass or raise Refused: can this installation send links at all?"""
    settings: Settings = current_app.config["REMIT"]
    if not settings.mail.host:
        raise Refused("没有设置邮件服务器（SMTP_HOST），发不出链接。", "no_mail")
    if settings.production and not settings.public_url:
        raise Refused("没有设置本站网址（REMIT_PUBLIC_URL），发不出链接。", "no_address")
    keys()


def _make(account: Account, purpose: LinkPurpose, at: datetime, by: Account | None) -> None:
    _void(account, at)
    token = token_urlsafe(32)
    db.session.add(
        SignInLink(
            account_id=account.id,
            purpose=purpose,
            token_hash=token_hash(token),
            sealed=token,
            asked_by_id=by.id if by is not None else None,
            created_at=at,
            expires_at=at + LIFETIMES[purpose],
            next_at=at,
        )
    )
    db.session.flush()
    ring(Job.LINKS, awaited=True)


def _void(account: Account, at: datetime) -> None:
    """Only the newest link of an account is good."""
    db.session.execute(
        update(SignInLink)
        .where(SignInLink.account_id == account.id, SignInLink.used_at.is_(None))
        .values(used_at=at, sealed="")
    )
