"""How long guessing rests after wrong passwords and codes. Pure.

Pauses count by account and network, so that a stranger who guesses elsewhere does not keep the person out. All
networks together have a limit of their own, against guessing from many; a network from which the person has signed in
before is not held up by it.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

FREE_FAILURES = 5
"""Wrong passwords from one network that cost nothing: people mistype."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)

FREE_ANYWHERE = 50
"""Wrong passwords from unknown networks together that cost nothing."""

PAUSE_ANYWHERE = timedelta(minutes=1)
"""Then one in so long is looked at: fewer than 1,500 guesses a day, from however many machines."""

FORGOTTEN = timedelta(days=1)
"""Without another wrong one for so long, counting begins anew."""

KNOWN = timedelta(days=90)
"""For so long after signing in there a network is known."""


def pause_after(failures: int) -> timedelta:
    """How long a network rests after so many wrong ones in a row: nothing, then doubling up to an hour."""
    if failures < FREE_FAILURES:
        return timedelta()
    factor: int = 2 ** min(failures - FREE_FAILURES, 16)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


def pause_anywhere(failures: int) -> timedelta:
    """How long all unknown networks rest after so many wrong ones from them."""
    return PAUSE_ANYWHERE if failures >= FREE_ANYWHERE else timedelta()


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, or the 64 bits of IPv6 that one customer has."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found)
