"""Pauses, passwords and the ends of sessions, without a database."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.foundation.signins.passwords.rules import PasswordFault, password_fault, pieces
from portal.foundation.signins.sessions.rules import IDLE, LONGEST_SESSION, device_words, fresh, session_ends
from portal.foundation.signins.tries.rules import FREE_FAILURES, LONGEST_PAUSE, network_of, pause_after

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
        ("x" * 129, PasswordFault.LONG),
        ("correct horse battery", None),
        ("今天下午三点开会讨论清单", None),
    ],
)
def test_passwords(password, fault):
    assert password_fault(password, "zhangsan") is fault


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", ("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0", ("WeChat", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", ("Safari", "iPhone")),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Firefox/115", ("Firefox", "UOS")),
        ("curl/8", ("", "")),
        ("", ("", "")),
    ],
)
def test_devices_have_names(agent, words):
    assert device_words(agent) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "?"),
        ("", "?"),
    ],
)
def test_what_counts_as_one_network(address, network):
    assert network_of(address) == network


def test_a_proof_is_fresh_for_a_quarter_of_an_hour():
    assert fresh(START, START + timedelta(minutes=15))
    assert not fresh(START, START + timedelta(minutes=15, seconds=1))


COMMON = frozenset(
    {"password", "monkey", "dragon", "woaini", "zhengfu", "admin", "correct", "horse", "battery", "1314"}
)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "ab" * 60,
        "1234567890",
        "0987654321!",
        "qwertyuiop1",
        "1q2w3e4r5t",
        "1qaz@WSX3edc",
        "password2026",
        "P@ssw0rd!!",
        "ｐａｓｓｗｏｒｄ１２３",
        "zhangsan123",
        "Zhangsan@123",
        "woaini1314",
        "wang19850612",
        "13812345678",
        "1985-06-12abc",
        "monkeydragon1",
        "admin@zhengfu",
        "李明李明20260101",
        "remit@2026!!",
    ],
)
def test_common_passwords_are_refused_however_they_are_dressed(password):
    assert password_fault(password, "nobody", COMMON, {"李明", "remit", ""}) is PasswordFault.COMMON


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "今天下午三点开会讨论清单",
        "kX9-vq2_LmPz",
        "四只鸟飞过南四湖去微山",
        "grünes Fenster im Regen",
    ],
)
def test_passwords_of_several_unrelated_things_will_do(password):
    assert password_fault(password, "nobody", COMMON) is None


@given(st.text(min_size=1, max_size=40))
def test_a_password_has_no_more_pieces_than_characters(password):
    assert 1 <= pieces(password, COMMON) <= len(unicodedata.normalize("NFKC", password).casefold())


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(password):
    assert password_fault(password, "nobody", COMMON) in (None, *PasswordFault)
