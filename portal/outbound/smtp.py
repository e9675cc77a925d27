"""E-mail handed to the mail server of the settings, in time. The administrator named it, so it needs no list."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from portal.outbound.sockets import ClockedTLS, Countdown, Limits, connect, encrypted

LIMITS = Limits(connect=5.0, read=10.0, total=30.0)


class MailServer(smtplib.SMTP):
    """The standard library's client over a connection by countdown.

    `secure` is "" (plain), "starttls" or "tls" (from the first byte). `name` is how this side introduces itself.
    Raises OutboundError, OSError or SMTPException.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        secure: str,
        context: ssl.SSLContext,
        name: str,
        limits: Limits = LIMITS,
    ) -> None:
        self._countdown = Countdown(limits)
        self._secure, self._context = secure, context
        super().__init__(local_hostname=name, timeout=limits.read)
        self._host = host  # whom STARTTLS expects
        code, answer = self.connect(host, port)
        if code != 220:  # noqa: PLR2004  ready, by RFC 5321
            self.close()
            raise smtplib.SMTPConnectError(code, answer)
        if secure == "starttls":
            self.starttls(context=context)
            if isinstance(self.sock, ClockedTLS):
                self.sock.countdown = self._countdown

    def there(self) -> bool:
        """Whether the connection still holds for another message, which has the whole time for itself."""
        self._countdown.restart()
        try:
            code, _answer = self.noop()
        except (smtplib.SMTPException, OSError):
            return False
        return code == 250  # noqa: PLR2004  fine, by RFC 5321

    def leave(self) -> None:
        """Say goodbye; without waiting for a server that does not answer."""
        try:
            self.quit()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        # The library's own hook for another kind of connection: SMTP_SSL uses it as well.
        del timeout
        plain = connect(host, port, self._countdown, None)
        return encrypted(plain, self._context, host) if self._secure == "tls" else plain
