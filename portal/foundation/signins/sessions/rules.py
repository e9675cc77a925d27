"""How long a session lasts. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

IDLE = timedelta(minutes=60)
"""A session unused for so long is over."""

LONGEST_SESSION = timedelta(hours=12)
"""However busy, after so long a person signs in again."""


def session_ends(opened_at: datetime, used_at: datetime) -> datetime:
    """When a session opened and last used at these moments is over."""
    return min(used_at + IDLE, opened_at + LONGEST_SESSION)
