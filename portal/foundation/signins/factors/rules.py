"""Codes that change every half minute (TOTP, RFC 6238), recovery codes, and who must have them. Pure."""

from __future__ import annotations

import re
from datetime import datetime

STEP = 30
"""Seconds that a code is shown."""

DIGITS = 6
RECOVERY_CODES = 10

_CODE = re.compile(rf"\d{{{DIGITS}}}")
_RECOVERY = re.compile(r"[a-z2-7]{16}")


def step_of(at: datetime) -> int:
    """The number of the half minute."""
    return int(at.timestamp()) // STEP


def steps_around(at: datetime) -> tuple[int, int, int]:
    """The half minutes whose codes are taken: this one, the one before and the next, for clocks a little off."""
    now = step_of(at)
    return now - 1, now, now + 1


def as_code(typed: str) -> str | None:
    """The six digits of an app as typed, with or without blanks; None for anything else."""
    text = "".join(typed.split())
    return text if text.isascii() and _CODE.fullmatch(text) else None


def as_recovery(typed: str) -> str | None:
    """A recovery code as typed, with or without dashes; None for anything else."""
    text = "".join(each for each in typed.lower() if not each.isspace() and each != "-")
    return text if text.isascii() and _RECOVERY.fullmatch(text) else None


def written(code: str) -> str:
    """A recovery code in groups of four, as it is printed."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
