"""How long a session lasts, and what it was opened on. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

IDLE = timedelta(minutes=60)
"""A session unused for so long is over."""

LONGEST_SESSION = timedelta(hours=12)
"""However busy, after so long a person signs in again."""

HALF = timedelta(minutes=10)
"""A session that still waits for the second factor is over after so long."""

FRESH = timedelta(minutes=15)
"""After so long a grave step asks the person anew who it is."""

LONGEST_DEVICE = 200
"""Characters that are kept of what a browser calls itself."""

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("QQBrowser", "QQ"),
    ("360SE", "360"),
    ("QHBrowser", "360"),
    ("HuaweiBrowser", "Huawei"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("UOS", "UOS"),
    ("Kylin", "Kylin"),
    ("Linux", "Linux"),
)


def session_ends(opened_at: datetime, used_at: datetime) -> datetime:
    """When a session opened and last used at these moments is over."""
    return min(used_at + IDLE, opened_at + LONGEST_SESSION)


def fresh(proved_at: datetime, at: datetime) -> bool:
    """Whether the person showed recently enough who it is for a step that cannot be taken back."""
    return at - proved_at <= FRESH


def device_words(agent: str) -> tuple[str, str]:
    """Browser and system, by short names, from what a browser calls itself; empty where unknown.

    The first name that fits counts: browsers put the names of those they descend from behind their own.
    """
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return browser, system
