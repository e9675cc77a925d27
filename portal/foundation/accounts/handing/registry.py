"""What people can have in hand: upper slices say how much of it somebody has, and how it passes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from portal.foundation.accounts.models import Account
from portal.foundation.organisations.models import Organisation

Units = Collection[Organisation]


@dataclass(frozen=True)
class Holding:
    """One kind of work that is somebody's: `counts` of what people have of it for their bodies, `pass_on` to another.

    `counts` takes bodies by the ids of people and gives how much each has, by the same ids, in one statement; who has
    nothing may be left out. `pass_on` takes the leaver, the successor and the bodies, and gives how many passed on.
    """

    label: str
    counts: Callable[[Mapping[int, Units]], Mapping[int, int]]
    pass_on: Callable[[Account, Account, Units], int]


_holdings: dict[str, Holding] = {}


def register_holding(name: str, holding: Holding) -> None:
    """Say of one kind of work how it passes on; once, when the application starts."""
    _holdings[name] = holding


def holdings() -> Collection[Holding]:
    """Every kind."""
    return _holdings.values()
