"""Which passwords will do. Pure."""

from __future__ import annotations

from enum import StrEnum

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
