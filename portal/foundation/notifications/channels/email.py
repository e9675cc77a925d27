"""E-mail: what a message looks like as one, and handing it to the mail server of the settings."""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
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
            self._connected(settings).send_message(written)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            return Retry(with_code(mark("邮件服务器不接受这个收件地址"), code))
        except smtplib.SMTPAuthenticationError:
            self.close()
            return Retry(mark("邮件服务器不接受设置的用户名和密码"), unreachable=True)
        except smtplib.SMTPResponseException as error:
            return Retry(with_code(mark("邮件服务器没有收下这封邮件"), error.smtp_code))
        except (OutboundError, smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            what = error if isinstance(error, OutboundError) else type(error).__name__
            # A message that cannot be written is no fault of the server's.
            away = isinstance(error, OutboundError | OSError)
            return Retry(with_code(mark("没能把邮件交给邮件服务器"), what), unreachable=away)
        return Sent()

    def _connected(self, settings: Settings) -> MailServer:
        if self.server is not None and self.server.there():
            return self.server
        self.close()
        server = _server(settings.mail, settings)
        self.server = server
        if settings.mail.username:
            server.login(settings.mail.username, settings.mail.password)
        return server

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        server, self.server = self.server, None
        if server is not None:
            server.leave()


def compose(message: Message, recipient: str, sender: str) -> EmailMessage:
    """The message as an e-mail: Message-ID and key depend on the delivery alone, so a repeat is recognisable."""
    domain = _domain(sender)
    written = EmailMessage()
    written["Subject"] = " ".join(f"【{message.site}】{message.title}".split())
    written["From"] = Address(display_name=message.site, addr_spec=sender)
    written["To"] = recipient
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
