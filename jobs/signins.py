"""Sending the links by which people set their passwords: straight by e-mail, past the notices, which are kept."""

from __future__ import annotations

from contextlib import AbstractContextManager

import structlog
from flask import current_app
from flask_babel import force_locale

from portal import clock
from portal.config import Settings
from portal.db import db
from portal.foundation.notifications.channels.contract import Channel, Destination, Item, Message, Sent
from portal.foundation.notifications.channels.email import mailing
from portal.foundation.signins.links import service
from portal.foundation.signins.links.models import SignInLink
from portal.foundation.signins.links.rules import LinkPurpose
from portal.i18n import DEFAULT, gettext, mark

log = structlog.get_logger(__name__)

TITLES = {LinkPurpose.INVITE: mark("请设置您的密码"), LinkPurpose.RESET: mark("重设密码")}
BODIES = {
    LinkPurpose.INVITE: mark(
        "%(name)s，您好。系统管理员给您开了账号，登录名是 %(login)s。请在 72 小时内打开下面的链接，设置您自己的密码。"
        "链接只能用一次，不要转给别人。"
    ),
    LinkPurpose.RESET: mark(
        "%(name)s，您好。有人要给账号 %(login)s 重设密码。如果是您，请在 2 小时内打开下面的链接；链接只能用一次。"
        "如果不是您，不用理会，密码没有变。"
    ),
}


def send_links() -> int:
    """Send every link that is due and give how many left.

    A worker killed between sending and writing that down sends the same link again; it still opens only once.
    """
    taken = service.claim(clock.now())
    db.session.commit()
    if not taken:
        return 0
    opened: AbstractContextManager[Channel] = mailing()
    with opened as send:
        return sum(_send(send, link) for link in taken)


def _send(send: Channel, link: SignInLink) -> bool:
    settings: Settings = current_app.config["REMIT"]
    outcome = send(message(link, settings), Destination(link.account.email), settings)
    error = "" if isinstance(outcome, Sent) else outcome.reason
    service.settle(link, clock.now(), error)
    db.session.commit()
    if error:
        log.info("a link did not leave", link=link.id, attempt=link.attempts, reason=error)
    return not error


def message(link: SignInLink, settings: Settings) -> Message:
    """The e-mail, in the language that the person works in."""
    tongue = link.account.language or DEFAULT
    with force_locale(tongue):
        title = gettext(TITLES[link.purpose])
        body = gettext(BODIES[link.purpose], name=link.account.name, login=link.account.login)
        site = gettext(settings.site.name)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    address = f"{base}/staff/sign-in/link/{link.sealed}" + ("" if tongue == DEFAULT else f"?lang={tongue}")
    item = Item(f"link:{link.id}", "link", title, body, address, link.created_at)
    return Message(f"link:{link.id}", site, "", title, (item,), link.created_at, language=tongue)
