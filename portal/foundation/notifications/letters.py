"""What one recipient is to be told, before it is a row of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal import clock
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.rules import NoticeKind, stored
from portal.foundation.organisations.models import Organisation


@dataclass(frozen=True)
class Letter:
    """A notice to be written, to a unit or to one named `account` of it; see `notify` for its fields."""

    organisation: Organisation
    key: str
    title: str
    body: str
    address: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    kind: NoticeKind = NoticeKind.GENERAL
    account: Account | None = None

    @property
    def whole_key(self) -> str:
        """Occasion and recipient: there is one notice of it."""
        to = f"a{self.account.id}" if self.account is not None else f"o{self.organisation.id}"
        return f"{self.key}:{to}"

    def row(self) -> dict[str, Any]:
        """The columns of its notice."""
        return {
            "key": self.whole_key,
            "event": self.key,
            "kind": self.kind,
            "organisation_id": self.organisation.id,
            "account_id": self.account.id if self.account is not None else None,
            "title": self.title,
            "body": self.body,
            "values": stored(self.values),
            "address": self.address,
            "created_at": clock.now(),
        }
