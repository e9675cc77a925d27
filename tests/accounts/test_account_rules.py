"""What roles carry, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.rights.rules import (
    COLUMNS,
    MATRIX,
    NEEDED,
    Needs,
    Reach,
    Right,
    Role,
    carries,
    living,
    reach_of,
)

DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Ground:
    id: int
    parent: Ground | None = None


@dataclass(frozen=True)
class Unit:
    id: int
    place: Ground


@dataclass(frozen=True)
class Held:
    role: Role
    place_id: int | None = None
    organisation_id: int | None = None
    since: date = DAY
    until: date | None = None


CITY = Ground(1)
COUNTY, NEIGHBOUR = Ground(2, CITY), Ground(3, CITY)
TOWN = Ground(4, COUNTY)
ELSEWHERE = Ground(5)
BUREAU, DEPARTMENT, FOREIGN = Unit(1, COUNTY), Unit(2, CITY), Unit(3, ELSEWHERE)


def test_the_matrix_is_whole():
    assert set(COLUMNS) == set(Role) == set(MATRIX)
    assert all(set(row) == set(Right) for row in MATRIX.values())
    assert all(any(reach_of(role, right) is not Reach.NONE for role in Role) for right in Right)


def test_the_administrator_has_no_say_in_the_business():
    carried = {right for right in Right if reach_of(Role.ADMINISTRATOR, right) is not Reach.NONE}
    assert carried == {
        Right.MANAGE_ACCOUNTS,
        Right.MANAGE_ORGANISATIONS,
        Right.SEE_RUNS,
        Right.READ_RECORD,
        Right.KEEP_UNIT,
        Right.HAND_ON,
    }


def test_an_auditor_reads_everything_and_changes_nothing():
    carried = {right for right in Right if reach_of(Role.AUDITOR, right) is not Reach.NONE}
    assert carried == {Right.READ_DRAFTS, Right.READ_ALL, Right.READ_RECORD}


def test_nobody_both_edits_and_approves():
    for role in Role:
        assert Reach.NONE in (reach_of(role, Right.EDIT_LISTS), reach_of(role, Right.APPROVE))


def test_a_role_names_what_its_reach_needs():
    """Whoever reaches a place has one, whoever reaches a body alone has that."""
    for role in Role:
        reaches = {reach_of(role, right) for right in Right}
        if reaches & {Reach.PLACE, Reach.CITY}:
            assert NEEDED[role] is Needs.PLACE
        elif Reach.ORGANISATION in reaches and Reach.ALL not in reaches:
            assert NEEDED[role] is Needs.ORGANISATION


@pytest.mark.parametrize(
    ("post", "right", "place", "body", "carried"),
    [
        (Held(Role.EDITOR, 1), Right.EDIT_LISTS, CITY, None, True),
        (Held(Role.EDITOR, 1), Right.EDIT_LISTS, TOWN, None, True),
        (Held(Role.EDITOR, 1), Right.EDIT_LISTS, ELSEWHERE, None, False),
        (Held(Role.EDITOR, 1), Right.EDIT_LISTS, None, BUREAU, True),
        (Held(Role.EDITOR, 1), Right.EDIT_LISTS, None, FOREIGN, False),
        (Held(Role.EDITOR, 2), Right.EDIT_LISTS, CITY, None, False),
        (Held(Role.EDITOR), Right.EDIT_LISTS, ELSEWHERE, None, True),
        (Held(Role.COUNTY_OFFICER, 2), Right.EDIT_PLACE, TOWN, None, True),
        (Held(Role.COUNTY_OFFICER, 2), Right.EDIT_PLACE, NEIGHBOUR, None, False),
        (Held(Role.COUNTY_OFFICER, 2), Right.EDIT_PLACE, CITY, None, False),
        (Held(Role.COUNTY_OFFICER), Right.EDIT_PLACE, TOWN, None, False),
        (Held(Role.COUNTY_OFFICER, 2), Right.FILE_REVIEWS, None, DEPARTMENT, False),
        (Held(Role.DEPARTMENT_OFFICER, None, 2), Right.EDIT_DUTIES, TOWN, DEPARTMENT, True),
        (Held(Role.DEPARTMENT_OFFICER, None, 2), Right.EDIT_DUTIES, ELSEWHERE, DEPARTMENT, False),
        (Held(Role.DEPARTMENT_OFFICER, None, 2), Right.EDIT_DUTIES, TOWN, BUREAU, False),
        (Held(Role.DEPARTMENT_OFFICER, None, 2), Right.EDIT_DUTIES, TOWN, None, False),
        (Held(Role.DEPARTMENT_OFFICER, 1, None), Right.EDIT_DUTIES, TOWN, DEPARTMENT, False),
        (Held(Role.AUDITOR), Right.READ_DRAFTS, ELSEWHERE, None, True),
        (Held(Role.ADMINISTRATOR), Right.EDIT_LISTS, None, None, False),
    ],
)
def test_with_whose_records(post, right, place, body, carried):
    assert carries(post, right, place, body) is carried


@given(st.integers(-3, 3), st.none() | st.integers(-3, 3))
def test_a_post_is_held_from_its_first_day_to_its_last(first, last):
    until = None if last is None else DAY + timedelta(days=last)
    post = Held(Role.EDITOR, since=DAY + timedelta(days=first), until=until)
    assert (living([post], DAY) == [post]) is (first <= 0 and (last is None or last >= 0))
