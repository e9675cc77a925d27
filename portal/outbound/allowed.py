"""Where the portal may speak to: what the administrator has allowed, and some addresses never. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

NEVER: tuple[Network, ...] = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",  # this very machine
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "100.100.100.200/32",  # Alibaba Cloud's metadata
        "168.63.129.16/32",  # Azure's
        "192.0.0.192/32",  # Oracle's
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "::/96",  # IPv4 addresses written as IPv6 in ways that nobody uses any more
        "::ffff:0:0:0/96",
        "64:ff9b:1::/48",  # NAT64 of a network's own: where the IPv4 address stands nobody knows
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
        "fd00:ec2::254/128",  # AWS's metadata
        "fd20:ce::254/128",  # Google's
        "fd00:42::42/128",  # Scaleway's
        "2001::/32",  # Teredo and 6to4 carry another address inside, which nobody has checked
        "2002::/16",
    )
)
"""Never spoken to, whatever is allowed."""

_NAT64 = IPv6Network("64:ff9b::/96")
_NAME = re.compile(r"(?:\*\.)?(?!-)[a-z0-9-]{1,63}(?:\.(?!-)[a-z0-9-]{1,63})*")
_WITH_PORT = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^:\[\]]+):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class Entry:
    """One line of the allow-list: a name (`*.` stands for all names below it) or a network; with a port, only that."""

    name: str = ""
    network: Network | None = None
    port: int | None = None

    def names(self, host: str) -> bool:
        """Whether the entry is a name that fits this host."""
        if self.name.startswith("*."):
            return host.endswith(self.name[1:]) and len(host) > len(self.name) - 1
        return bool(self.name) and host == self.name


@dataclass(frozen=True)
class AllowList:
    """What the administrator allows; without an entry nothing is. `loopback` is for tests alone."""

    entries: tuple[Entry, ...] = ()
    loopback: bool = False

    @classmethod
    def read(cls, lines: Iterable[str], *, loopback: bool = False) -> AllowList:
        """The list from lines such as `hooks.example.cn`, `*.example.cn`, `10.1.0.0/16` and `10.1.2.3:8443`.

        Raises ValueError with the line that is none of these.
        """
        return cls(tuple(_entry(line.strip().lower()) for line in lines if line.strip()), loopback)

    def permits(self, host: str, port: int, address: Address) -> bool:
        """Whether `host` may be spoken to at this port of this address, the one that is connected to.

        A name allows public addresses only: should it lead into a private network, that has to be allowed as
        well, so that whoever keeps the name's DNS cannot choose a machine inside (DNS rebinding).
        """
        address = real(address)
        if any(address in network for network in LOOPBACK):
            never = not self.loopback
        else:
            never = any(address in network for network in NEVER)
        if never:
            return False
        for entry in self.entries:
            if entry.port not in (None, port):
                continue
            if entry.network is not None and address in entry.network:
                return True
            if entry.names(host.rstrip(".")) and address.is_global:
                return True
        return False


def real(address: Address) -> Address:
    """The IPv4 address that is meant by one written as IPv6 (mapped, or by way of NAT64); others as they are."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _entry(text: str) -> Entry:
    port = None
    if found := _WITH_PORT.fullmatch(text):
        text, port = found["host"].strip("[]"), int(found["port"])
        if not 0 < port < 65536:  # noqa: PLR2004  the ports that there are
            raise ValueError(text)
    try:
        return Entry(network=ip_network(text, strict=False), port=port)
    except ValueError:
        pass
    name = text.encode("idna").decode() if not text.isascii() else text
    if not _NAME.fullmatch(name) or _is_address(name):
        raise ValueError(text)
    return Entry(name=name, port=port)


def _is_address(text: str) -> bool:
    """Whether what looks like a name is a number to some resolvers, e.g. 127.1 or 0x7f000001."""
    last = text.rstrip(".").rsplit(".", 1)[-1]
    return bool(re.fullmatch(r"\d+|0x[0-9a-f]*", last))


def address_of(text: str) -> Address:
    """The address as the system writes it, without the zone of a link-local one."""
    return ip_address(text.partition("%")[0])
