"""What every channel is given and gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.config import Settings
from portal.foundation.notifications.rules import short


@dataclass(frozen=True)
class Item:
    """One notice as it is said: texts in the unit's language, `link` an address of this site or empty."""

    key: str
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime


@dataclass(frozen=True)
class Message:
    """What goes out as one: a notice, or several of a digest. `key` is the same whenever it is repeated (T-6)."""

    key: str
    site: str
    unit: str
    title: str
    items: tuple[Item, ...]
    created_at: datetime
    footer: str = ""
    language: str = "zh_CN"

    @property
    def text(self) -> str:
        """Everything as plain text, the title apart."""
        if len(self.items) == 1:
            only = self.items[0]
            return "\n\n".join(part for part in (only.body.strip(), only.link) if part)
        return "\n\n".join(
            "\n".join(part for part in (f"{number}. {each.title}", each.body.strip(), each.link) if part)
            for number, each in enumerate(self.items, 1)
        )

    @property
    def mark(self) -> str:
        """The key in short, for people to tell a repeat from a second message."""
        return short(self.key)


@dataclass(frozen=True)
class Destination:
    """Where to: an e-mail address, a web address or a phone; `secrets` for signing, the present one first."""

    address: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Sent:
    """The other side took it."""


@dataclass(frozen=True)
class Retry:
    """Not this time. `after` is what the other side asked for.

    The next ones to the same machine are not even tried when it is `unreachable` (each counts it as an attempt of
    its own) or `busy` (they come another time, as if nothing had been).
    """

    reason: str
    after: timedelta = timedelta()
    unreachable: bool = False
    busy: bool = False


@dataclass(frozen=True)
class Refused:
    """It will never be taken like this; `allowed` is False when the administrator allows no such address."""

    reason: str
    allowed: bool = True


def with_code(sentence: str, code: object) -> str:
    """A reason with what the other side said, kept as one text; pages translate the sentence alone."""
    return f"{sentence}（{code}）"


Outcome = Sent | Retry | Refused
Channel = Callable[[Message, Destination, Settings], Outcome]
