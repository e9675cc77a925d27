"""Requests by HTTP and HTTPS: to allowed addresses, in time, with a bounded answer, over few redirects."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import SplitResult, urljoin, urlsplit

from portal.outbound.allowed import AllowList
from portal.outbound.errors import (
    BadAddressError,
    GarbledError,
    OutboundError,
    TooSlowError,
    UnreachableError,
    UntrustedError,
)
from portal.outbound.sockets import Countdown, Limits, connect, encrypted, tls

REDIRECTS = 3
LARGEST_ANSWER = 64 * 1024
"""Bytes that are read of an answer; the rest is left."""

PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2000
_SAME_AGAIN = (307, 308)
_BY_GET = (301, 302, 303)
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_BROKEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NOBODYS = frozenset({"content-type", "accept", "user-agent"})
"""Headers that may be shown to another host that a redirect leads to, besides those of a signed webhook."""


@dataclass(frozen=True)
class Policy:
    """What may be reached and how long it may take; `authorities` are certificates of a network's own."""

    allowed: AllowList = field(default_factory=AllowList)
    limits: Limits = field(default_factory=Limits)
    authorities: Path | None = None


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Connection(HTTPConnection):
    """The standard library's, connected and encrypted our way."""

    def __init__(self, parts: SplitResult, countdown: Countdown, policy: Policy) -> None:
        super().__init__(host_of(parts), port_of(parts))
        self._secure = parts.scheme == "https"
        self._countdown, self._policy = countdown, policy
        self.default_port = PORTS[parts.scheme]  # what the Host header leaves out

    def connect(self) -> None:
        """To the address that was checked, and to no other."""
        plain = connect(self.host, self.port, self._countdown, self._policy.allowed)
        self.sock = (
            encrypted(plain, tls(self._policy.authorities), self.host.rstrip(".")) if self._secure else plain
        )


def request(
    method: str,
    address: str,
    *,
    policy: Policy,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    most: int = LARGEST_ANSWER,
) -> Answer:
    """Ask once and give the answer, whatever its status; `most` bytes of its body are read.

    A redirect is followed to an allowed address, at most three times: 307 and 308 as they are, the older ones
    only for GET. Raises an OutboundError whose sentence is fit for people.
    """
    countdown = Countdown(policy.limits)
    sent = {name: value for name, value in (headers or {}).items() if value}
    if any(_BROKEN.search(each) for pair in sent.items() for each in pair):
        raise GarbledError
    parts = split(address)
    for _step in range(REDIRECTS + 1):
        answer = _ask(method, parts, sent, body, countdown, policy, most)
        onward = answer.headers.get("location", "")
        followed = answer.status in _SAME_AGAIN or (answer.status in _BY_GET and method == "GET")
        if not (followed and onward):
            return answer
        parts, sent = _onward(parts, onward, sent)
    raise GarbledError


def split(address: str) -> SplitResult:
    """The parts of an address by http or https; BadAddressError for anything else, credentials in it included."""
    if len(address) > LONGEST_ADDRESS or _UNFIT.search(address) or not address.isascii():
        raise BadAddressError
    try:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or "@" in parts.netloc or not host_of(parts):
            raise BadAddressError
        port_of(parts)
    except ValueError:
        raise BadAddressError from None
    return parts


def host_of(parts: SplitResult) -> str:
    """The host, in lower case."""
    return parts.hostname or ""


def port_of(parts: SplitResult) -> int:
    """The port, by default the scheme's; ValueError for what is none."""
    return parts.port or PORTS[parts.scheme]


def _onward(parts: SplitResult, onward: str, sent: dict[str, str]) -> tuple[SplitResult, dict[str, str]]:
    """Where a redirect leads, and what may be said there: another host does not hear what was meant for this one."""
    new = split(urljoin(parts.geturl(), onward))
    if parts.scheme == "https" and new.scheme == "http":
        raise GarbledError
    if (new.scheme, host_of(new), port_of(new)) != (parts.scheme, host_of(parts), port_of(parts)):
        sent = {
            name: value
            for name, value in sent.items()
            if name.lower() in _NOBODYS or name.lower().startswith("webhook-")
        }
    return new, sent


def _ask(
    method: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    body: bytes,
    countdown: Countdown,
    policy: Policy,
    most: int,
) -> Answer:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Connection(parts, countdown, policy)
    try:
        # An answer that nobody unpacks cannot grow while being unpacked.
        connection.request(
            method, target, body or None, {"Accept-Encoding": "identity", "Connection": "close", **headers}
        )
        return _read(connection.getresponse(), most)
    except OutboundError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise UntrustedError from error
    except TimeoutError as error:
        raise TooSlowError from error
    except OSError as error:
        raise UnreachableError from error
    except (HTTPException, ValueError) as error:
        raise GarbledError from error
    finally:
        connection.close()


def _read(response: HTTPResponse, most: int) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read(most) if most else b"")
