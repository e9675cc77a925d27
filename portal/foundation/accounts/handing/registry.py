"""What people can have in hand: upper slices say how much of it somebody has, and how it passes on."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation

Units = Collection[Organisation]


@dataclass(frozen=True)
class Holding:
    """One kind of work that is somebody's: `count` of what a person has of it for these bodies, `pass_on` to another.

    `pass_on` takes the leaver, the successor and the bodies, and gives how many passed on.
    """

    label: str
    count: Callable[[Account, Units], int]
    pass_on: Callable[[Account, Account, Units], int]


_holdings: dict[str, Holding] = {}


def register_holding(name: str, holding: Holding) -> None:
    """Say of one kind of work how it passes on; once, when the application starts."""
    _holdings[name] = holding


def holdings() -> Collection[Holding]:
    """Every kind."""
    return _holdings.values()
