"""Connections that end in time, to the very address that was checked.

A name is resolved once; the addresses it gave are checked and one of those is connected to, so that a name
whose DNS changes in between gains nothing. Every read and write of the connection looks at the countdown, so
that a byte a second does not keep it alive.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from portal.outbound.allowed import AllowList, address_of
from portal.outbound.errors import NotAllowedError, TooSlowError, UnknownHostError, UnreachableError

SocketAddress = tuple[Any, ...]


@dataclass(frozen=True)
class Limits:
    """Seconds that connecting, one read or write, and everything together may take."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0


class Countdown:
    """What is left of the time for one errand."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.restart()

    def restart(self) -> None:
        """Begin anew, for the next errand over the same connection."""
        self._end = time.monotonic() + self.limits.total

    def left(self, most: float) -> float:
        """Seconds that the next step may take, `most` at most; raises TimeoutError when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(most, left)


class _Clocked(socket.socket):
    """What a plain and a TLS connection share: no step outlasts the countdown."""

    countdown: Countdown | None = None

    def _tick(self) -> None:
        if self.countdown is not None:
            self.settimeout(self.countdown.left(self.countdown.limits.read))

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        """Read into a buffer."""
        self._tick()
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        """Write everything."""
        self._tick()
        super().sendall(*args, **kwargs)


class ClockedSocket(_Clocked):
    """A plain connection by a countdown."""


class ClockedTLS(_Clocked, ssl.SSLSocket):
    """A connection with TLS by a countdown; `encrypted` makes it."""

    def send(self, *args: Any, **kwargs: Any) -> int:
        """Write a piece: TLS writes piece by piece."""
        self._tick()
        return super().send(*args, **kwargs)


@lru_cache(maxsize=4)
def tls(authorities: Path | None = None) -> ssl.SSLContext:
    """How TLS is spoken: certificates are verified by name, with the system's authorities and those of the file."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authorities is not None:
        context.load_verify_locations(authorities)
    context.sslsocket_class = ClockedTLS
    return context


def encrypted(plain: ClockedSocket, context: ssl.SSLContext, name: str) -> ClockedTLS:
    """The same connection with TLS; the certificate must be the one of `name`, whatever address it has."""
    countdown = plain.countdown
    if countdown is not None:
        plain.settimeout(countdown.left(countdown.limits.read))
    wrapped = context.wrap_socket(plain, server_hostname=name)
    assert isinstance(wrapped, ClockedTLS)  # noqa: S101  the context makes no other
    wrapped.countdown = countdown
    return wrapped


def connect(host: str, port: int, countdown: Countdown, allowed: AllowList | None) -> ClockedSocket:
    """A connection to the first address of `host` that is allowed and answers.

    `allowed` is None for a host that the settings name themselves. Raises NotAllowedError when no address of
    the host is allowed, UnknownHostError, TooSlowError or UnreachableError.
    """
    failure: Exception = NotAllowedError()
    for family, where in resolve(host, port, countdown):
        if allowed is not None and not allowed.permits(host, port, address_of(str(where[0]))):
            continue
        plain = ClockedSocket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(countdown.left(countdown.limits.connect))
            plain.connect(where)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            plain.close()
            failure = TooSlowError() if isinstance(error, TimeoutError) else UnreachableError()
        else:
            plain.countdown = countdown
            return plain
    raise failure


def resolve(host: str, port: int, countdown: Countdown) -> list[tuple[socket.AddressFamily, SocketAddress]]:
    """The addresses of a name, asked once. The system's resolver knows no limit, so it is left behind when slow."""
    found: list[tuple[socket.AddressFamily, SocketAddress]] = []

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend((family, where) for family, _kind, _protocol, _name, where in answers)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        asking.join(countdown.left(countdown.limits.connect))
    except TimeoutError:
        raise TooSlowError from None
    if asking.is_alive():
        raise TooSlowError
    if not found:
        raise UnknownHostError
    return found
