"""How sign-in slows down after wrong passwords, and which passwords will do. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

FREE_FAILURES = 5
"""Wrong passwords that cost nothing: people mistype."""

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(failures: int) -> timedelta:
    """How long an account rests after so many wrong passwords in a row: nothing, then doubling up to an hour."""
    if failures < FREE_FAILURES:
        return timedelta()
    factor: int = 2 ** min(failures - FREE_FAILURES, 16)
    return min(FIRST_PAUSE * factor, LONGEST_PAUSE)


SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128


class PasswordFault(StrEnum):
    """Why a password is not accepted."""

    SHORT = "short"
    LONG = "long"
    LIKE_LOGIN = "like_login"
    MONOTONOUS = "monotonous"


def password_fault(password: str, login: str) -> PasswordFault | None:
    """What is wrong with a new password, or None. Length is in characters."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.LONG
    if login.casefold() in password.casefold():
        return PasswordFault.LIKE_LOGIN
    if len(set(password)) < SHORTEST_PASSWORD // 2:
        return PasswordFault.MONOTONOUS
    return None
