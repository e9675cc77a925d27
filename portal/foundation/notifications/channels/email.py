"""E-mail: what a message looks like as one, and handing it to the mail server of the settings."""

from __future__ import annotations

import hashlib
import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from portal.config import Mail, Settings
from portal.foundation.notifications.channels.contract import (
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


def send(message: Message, destination: Destination, settings: Settings) -> Outcome:
    """Hand one message to the mail server; what it says is told without addresses."""
    mail = settings.mail
    if not mail.host:
        return Refused(NO_SERVER, allowed=False)
    try:
        written = compose(message, destination.address, mail.sender)
        with _server(mail, settings) as server:
            if mail.username:
                server.login(mail.username, mail.password)
            server.send_message(written)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        return Retry(with_code(mark("邮件服务器不接受这个收件地址"), code))
    except smtplib.SMTPAuthenticationError:
        return Retry(mark("邮件服务器不接受设置的用户名和密码"))
    except smtplib.SMTPResponseException as error:
        return Retry(with_code(mark("邮件服务器没有收下这封邮件"), error.smtp_code))
    except (OutboundError, smtplib.SMTPException, OSError, ValueError) as error:
        reason = with_code(
            mark("没能把邮件交给邮件服务器"),
            error if isinstance(error, OutboundError) else type(error).__name__,
        )
        # A message that cannot be written is no fault of the server's.
        return Retry(reason, unreachable=isinstance(error, OutboundError | OSError))
    return Sent()


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
