"""Roles and what each may do; how sign-in slows down after wrong passwords. Pure."""

from __future__ import annotations

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
