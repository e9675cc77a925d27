"""Pauses, passwords and the ends of sessions, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.signins.passwords.rules import (
    FREE_FAILURES,
    LONGEST_PAUSE,
    PasswordFault,
    password_fault,
    pause_after,
)
from portal.foundation.signins.sessions.rules import IDLE, LONGEST_SESSION, session_ends

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
