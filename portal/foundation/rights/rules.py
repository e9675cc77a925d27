"""Roles, what each may do, and for which places. Pure.

The lowest slice, so that every verb can ask, those on places and bodies too: whoever acts and the place that
is acted on are known here by their shape only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


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
    EDIT_CALENDAR = "edit_calendar"
    MANAGE_DEADLINES = "manage_deadlines"
    REVIEW_PLANS = "review_plans"
    MANAGE_REVIEWS = "manage_reviews"
    FILE_REVIEWS = "file_reviews"
    MANAGE_TASKS = "manage_tasks"
    REPORT_TASKS = "report_tasks"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_ORGANISATIONS = "manage_organisations"
    SEE_RUNS = "see_runs"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.EDITOR: frozenset(
        {
            Right.EDIT_LISTS,
            Right.EDIT_DUTIES,
            Right.EDIT_CALENDAR,
            Right.EDIT_PLACE,
            Right.MANAGE_DEADLINES,
            Right.REVIEW_PLANS,
            Right.MANAGE_REVIEWS,
            Right.FILE_REVIEWS,
            Right.MANAGE_TASKS,
            Right.REPORT_TASKS,
            Right.MANAGE_ORGANISATIONS,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Right.APPROVE,
            Right.EDIT_CALENDAR,
            Right.MANAGE_DEADLINES,
            Right.REVIEW_PLANS,
            Right.MANAGE_REVIEWS,
            Right.FILE_REVIEWS,
            Right.MANAGE_TASKS,
            Right.REPORT_TASKS,
        }
    ),
    Role.COUNTY_OFFICER: frozenset({Right.EDIT_PLACE, Right.FILE_REVIEWS, Right.REPORT_TASKS}),
    # The administrator has no say in the business (DOMAIN section 0).
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_ACCOUNTS, Right.MANAGE_ORGANISATIONS, Right.SEE_RUNS}),
}


class Actor(Protocol):
    """Whoever a verb acts for: an account."""

    @property
    def active(self) -> bool:
        """Whether the account is open."""

    @property
    def role(self) -> Role:
        """What it may do."""

    @property
    def place_id(self) -> int | None:
        """The place that it is bound to, if any."""


class Operator(Actor, Protocol):
    """The same where what was done is written down with who did it."""

    @property
    def id(self) -> int:
        """Its key."""


class Territory(Protocol):
    """A place in its tree."""

    @property
    def id(self) -> int:
        """Its key."""

    @property
    def parent(self) -> Territory | None:
        """The place above it."""


def may(role: Role, right: Right) -> bool:
    """Whether the role carries the right."""
    return right in RIGHTS[role]


def within(place: Territory | None, own_id: int | None) -> bool:
    """Whether a place is the one of this key or lies below it."""
    while place is not None:
        if place.id == own_id:
            return True
        place = place.parent
    return False
