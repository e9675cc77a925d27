"""Roles, pauses, passwords and the ends of sessions, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.accounts.rules import (
    FREE_FAILURES,
    IDLE,
    LONGEST_PAUSE,
    LONGEST_SESSION,
    PasswordFault,
    password_fault,
    pause_after,
    session_ends,
)
from portal.foundation.rights.rules import Right, Role, may

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (11, 1920), (12, 3600), (13, 3600), (10**9, 3600)],
)
def test_the_pause_doubles_up_to_an_hour(failures, seconds):
    assert pause_after(failures) == timedelta(seconds=seconds)


@given(st.integers(0, 10**6))
def test_the_pause_never_shrinks_and_never_ends_the_account(failures):
    assert timedelta() <= pause_after(failures) <= pause_after(failures + 1) <= LONGEST_PAUSE
    assert bool(pause_after(failures)) == (failures >= FREE_FAILURES)


@given(st.timedeltas(timedelta(), LONGEST_SESSION * 2))
def test_a_session_ends_after_rest_or_at_its_longest(used):
    ends = session_ends(START, START + used)
    assert ends <= START + LONGEST_SESSION
    assert ends <= START + used + IDLE
    assert ends in (START + LONGEST_SESSION, START + used + IDLE)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.SHORT),
        ("123456789", PasswordFault.SHORT),
        ("zhangsan-2026!", PasswordFault.LIKE_LOGIN),
        ("ZHANGSAN-2026!", PasswordFault.LIKE_LOGIN),
        ("aaaaaaaaaaaa", PasswordFault.MONOTONOUS),
        ("x" * 129, PasswordFault.LONG),
        ("correct horse battery", None),
        ("今天下午三点开会讨论清单", None),
    ],
)
def test_passwords(password, fault):
    assert password_fault(password, "zhangsan") is fault


def test_the_administrator_has_no_say_in_the_business():
    business = {Right.EDIT_LISTS, Right.APPROVE, Right.EDIT_PLACE, Right.EDIT_DUTIES}
    assert not any(may(Role.ADMINISTRATOR, right) for right in business)


def test_nobody_both_edits_and_approves():
    assert not any(may(role, Right.EDIT_LISTS) and may(role, Right.APPROVE) for role in Role)
