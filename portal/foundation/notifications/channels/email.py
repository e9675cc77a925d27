"""E-mail: what a message looks like as one, and handing it to the mail server of the settings."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from portal.config import Mail, Settings
from portal.foundation.notifications.channels.contract import (
    Channel,
    Destination,
    Message,
    Outcome,
    Refused,
    Retry,
    Sent,
    with_code,
)
from portal.i18n import mark
from portal.outbound.errors import OutboundError
from portal.outbound.smtp import MailServer
from portal.outbound.sockets import tls

KEY_HEADER = "X-Remit-Key"
"""Carries the delivery's key: a repeat carries the same, so that a receiver can tell it from a second notice."""

NO_SERVER = mark("没有设置邮件服务器")
NOT_HANDED_OVER = mark("没能把邮件交给邮件服务器")


@contextmanager
def mailing() -> Iterator[Channel]:
    """A `send` for several messages over one connection, as long as the mail server keeps it."""
    line = _Line()
    try:
        yield line.send
    finally:
        line.close()


class _Line:
    """A connection to the mail server, opened when first needed and again when it was lost."""

    server: MailServer | None = None

    def send(self, message: Message, destination: Destination, settings: Settings) -> Outcome:
        """Hand one message to the mail server; what it says is told without addresses."""
        if not settings.mail.host:
            return Refused(NO_SERVER, allowed=False)
        try:
            written = compose(message, destination.address, settings.mail.sender)
        except (ValueError, IndexError, MessageError) as error:
            # The library's parser says in many ways that an address is none.
            return Retry(with_code(NOT_HANDED_OVER, type(error).__name__))
        try:
            self._connected(settings).send_message(written)
        except (OutboundError, smtplib.SMTPException, OSError, ValueError) as error:
            there = self.server is not None
            if not isinstance(error, _ANSWERS):
                self.close()
            return _judged(error, there=there)
        return Sent()

    def _connected(self, settings: Settings) -> MailServer:
        if self.server is not None and self.server.there():
            return self.server
        self.close()
        server = _server(settings.mail, settings)
        try:
            if settings.mail.username:
                server.login(settings.mail.username, settings.mail.password)
        except (smtplib.SMTPException, OSError):
            server.leave()
            raise
        self.server = server
        return server

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        server, self.server = self.server, None
        if server is not None:
            server.leave()


_ANSWERS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


def _judged(error: Exception, *, there: bool) -> Retry:
    """What went wrong, and whether it would for the next message as well; `there`: there was a connection by then."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(code for code, _ in error.recipients.values())
        return Retry(with_code(mark("邮件服务器不接受这个收件地址"), code))
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Retry(mark("邮件服务器不接受设置的用户名和密码"), unreachable=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return Retry(with_code(mark("邮件服务器没有收下这封邮件"), error.smtp_code))
    if there and isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError):
        # An address in Chinese, say: that is this message's misfortune, not the others'.
        return Retry(with_code(NOT_HANDED_OVER, type(error).__name__))
    what = error if isinstance(error, OutboundError) else type(error).__name__
    return Retry(with_code(NOT_HANDED_OVER, what), unreachable=True)


def compose(message: Message, recipient: str, sender: str) -> EmailMessage:
    """The message as an e-mail: Message-ID and key depend on the delivery alone, so a repeat is recognisable."""
    domain = _domain(sender)
    written = EmailMessage()
    written["Subject"] = " ".join(f"【{message.site}】{message.title}".split())
    written["From"] = Address(display_name=message.site, addr_spec=sender)
    # One person: an address with a comma in it would be several.
    written["To"] = Address(addr_spec=recipient)
    written["Date"] = format_datetime(message.created_at)
    written["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()[:40]}@{domain}>"
    written[KEY_HEADER] = message.key
    written["Auto-Submitted"] = "auto-generated"
    paragraphs = [message.text, message.footer]
    written.set_content(
        "\n\n".join(part for part in paragraphs if part) + "\n", charset="utf-8", cte="base64"
    )
    return written


def _server(mail: Mail, settings: Settings) -> MailServer:
    secure = "tls" if mail.tls else "starttls" if mail.starttls else ""
    return MailServer(
        mail.host,
        mail.port,
        secure=secure,
        context=tls(settings.outbound.authorities),
        name=_domain(mail.sender),
    )


def _domain(sender: str) -> str:
    return sender.rpartition("@")[2] or "localhost"
