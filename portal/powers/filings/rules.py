"""What a publication asks for, and where each thing stands. Pure (P-6, P-10)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class FilingKind(StrEnum):
    """Upward to another body, or before the public by a channel."""

    FILING = "filing"
    ANNOUNCEMENT = "announcement"


class FilingState(StrEnum):
    """Where one stands; a filing is done for good when its receipt is there."""

    DUE = "due"
    DONE = "done"
    RECEIPTED = "receipted"


def asked_for(wanted: Collection[str], touched: Collection[str]) -> bool:
    """Whether a publication that touches matters of these modes asks for it; without wanted modes each does."""
    return bool(touched) and (not wanted or bool(set(wanted) & set(touched)))
