"""Roles and what each may do; how sign-in slows down after wrong passwords. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is at the staff door (DOMAIN section 0)."""

    EDITOR = "editor"
    APPROVER = "approver"
    COUNTY_OFFICER = "county_officer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a role may do; services ask for rights, never for roles."""

    EDIT_LISTS = "edit_lists"
    APPROVE = "approve"
    EDIT_PLACE = "edit_place"
    EDIT_DUTIES = "edit_duties"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_RUNS = "see_runs"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.EDITOR: frozenset(
        {Right.EDIT_LISTS, Right.EDIT_DUTIES, Right.EDIT_PLACE, Right.MANAGE_ORGANISATIONS}
    ),
    Role.APPROVER: frozenset({Right.APPROVE}),
    Role.COUNTY_OFFICER: frozenset({Right.EDIT_PLACE}),
    # The administrator has no say in the business (DOMAIN section 0).
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_ACCOUNTS, Right.MANAGE_ORGANISATIONS, Right.SEE_RUNS}),
}


def may(role: Role, right: Right) -> bool:
    """Whether the role carries the right."""
    return right in RIGHTS[role]


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


IDLE = timedelta(minutes=60)
"""A session unused for so long is over."""

LONGEST_SESSION = timedelta(hours=12)
"""However busy, after so long a person signs in again."""


def session_ends(opened_at: datetime, used_at: datetime) -> datetime:
    """When a session opened and last used at these moments is over."""
    return min(used_at + IDLE, opened_at + LONGEST_SESSION)


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
