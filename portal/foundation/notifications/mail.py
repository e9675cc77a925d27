"""E-mail: what a notice looks like as one, and handing it to the mail server."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from portal.config import Mail
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import SMTP_TIMEOUT

KEY_HEADER = "X-Remit-Key"
"""Carries the delivery's key: a repeat carries the same, so that a receiver can tell it from a second notice."""


class NotSent(Exception):  # noqa: N818  it is an answer, not a fault
    """The mail server did not take the message; the text says why, without addresses."""


def compose(delivery: Delivery, *, sender: str, site: str, link: str = "") -> EmailMessage:
    """The message for one delivery: subject and body in UTF-8, `link` (if any) below the body.

    Message-ID and key depend on the delivery alone, so a repeat is recognisable as one.
    """
    notice = delivery.notice
    domain = sender.rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["Subject"] = " ".join(f"【{site}】{notice.title}".split())
    message["From"] = Address(display_name=site, addr_spec=sender)
    message["To"] = delivery.recipient
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = f"<{hashlib.sha256(delivery.key.encode()).hexdigest()[:40]}@{domain}>"
    message[KEY_HEADER] = delivery.key
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = [notice.body.strip(), link, f"本邮件由{site}自动发出，请不要直接回复。"]
    message.set_content(
        "\n\n".join(part for part in paragraphs if part) + "\n", charset="utf-8", cte="base64"
    )
    return message


def send(message: EmailMessage, mail: Mail) -> None:
    """Hand the message to the mail server of the settings; raises NotSent when it does not take it."""
    try:
        with smtplib.SMTP(mail.host, mail.port, timeout=SMTP_TIMEOUT) as server:
            if mail.starttls:
                server.starttls(context=ssl.create_default_context())
            if mail.username:
                server.login(mail.username, mail.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise NotSent(f"邮件服务器不接受这个收件地址（{code}）") from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent("邮件服务器不接受设置的用户名和密码") from error
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"邮件服务器没有收下这封邮件（{error.smtp_code}）") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"没能把邮件交给邮件服务器（{type(error).__name__}）") from error
