"""What is remembered between leaving for the provider and coming back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

LONGEST = 600
"""Seconds that a person may take at the provider."""


@dataclass(frozen=True)
class Attempt:
    """One way to the provider and back: its state, nonce and PKCE verifier, and when it began (seconds)."""

    state: str
    nonce: str
    verifier: str
    begun: int
    onward: str = ""

    def kept(self) -> dict[str, Any]:
        """As the cookie holds it."""
        return asdict(self)

    def over(self, at: int) -> bool:
        """Whether it took too long."""
        return not 0 <= at - self.begun <= LONGEST


def attempt_of(kept: object) -> Attempt | None:
    """The attempt that a cookie holds; None for anything else."""
    if not isinstance(kept, Mapping):
        return None
    try:
        return Attempt(**{str(name): value for name, value in kept.items()})
    except TypeError:
        return None


@dataclass(frozen=True)
class Identity:
    """Whom the provider says it is: its key there, and an e-mail address that the provider has verified, or none."""

    issuer: str
    subject: str
    email: str = ""
