"""Whoever asks too often is told so; what comes from memory costs nothing (issue 5, hardening)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.exceptions import ConnectionError as Away

from portal import auth
from portal.foundation.rights.rules import Role
from tests.admin.conftest import PASSWORD, person, quick_passwords

__all__ = ["quick_passwords"]


@pytest.fixture
def limited(app):
    """Lets one address search, and guess, so many times a minute."""
    before = app.config["REMIT"]

    def to(requests):
        auth.limiter.reset()
        app.config["REMIT"] = replace(before, search_limit=requests, guess_limit=requests)

    yield to
    app.config["REMIT"] = before
    auth.limiter.reset()


@pytest.fixture
def ask(client):
    """The status of an address, asked from a network address."""

    def asked(address, network="192.0.2.1", **headers):
        return client.get(address, headers=headers, environ_base={"REMOTE_ADDR": network})

    return asked


def test_searches_and_suggestions_count_together_by_address(ask, limited):
    limited(2)
    assert ask("/search?q=甲").status_code == 200
    assert ask("/search/suggestions?q=乙", **{"HX-Request": "true"}).status_code == 200
    refused = ask("/search?q=丙")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Cache-Control"] == "no-store"
    assert "请过一分钟再试" in refused.text
    assert "a minute" in ask("/search?q=丙&lang=en").text
    assert ask("/search?q=丙", network="192.0.2.2").status_code == 200
    assert ask("/lists").status_code == 200


def test_what_a_stranger_says_of_where_it_comes_from_is_not_believed(ask, limited):
    limited(1)
    found = [
        ask(f"/search?q={each}", **{"X-Forwarded-For": f"203.0.113.{each}"}).status_code for each in "12"
    ]
    assert found == [200, 429]


def test_a_network_of_ipv6_counts_as_one(ask, limited):
    limited(1)
    assert ask("/search?q=甲", network="2001:db8::1").status_code == 200
    assert ask("/search?q=乙", network="2001:db8::ffff:2").status_code == 429
    assert ask("/search?q=丙", network="2001:db8:0:1::1").status_code == 200


def test_guesses_of_private_links_are_counted_and_openings_are_not(ask, limited):
    limited(3)
    secrets = ("/previews/a", "/previews/b/matters/1", "/calendar/c.ics", "/calendar/d.ics")
    assert [ask(address).status_code for address in secrets] == [404, 404, 404, 429]


def test_the_staff_search_counts_as_well(client, limited):
    assert client.post("/staff/sign-in/", data={"login": person(Role.EDITOR).login, "password": PASSWORD})
    limited(1)
    assert client.get("/staff/find/?q=甲").status_code == 200
    refused = client.get("/staff/find/?q=乙")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "请过一分钟再试" in refused.text
    assert client.get("/staff/").status_code == 200


def test_none_is_no_limit(ask, limited):
    limited(0)
    assert {ask("/search?q=甲").status_code for _ in range(3)} == {200}
    assert {ask("/previews/a").status_code for _ in range(3)} == {404}


def test_without_the_queue_server_searching_goes_on(ask, limited, monkeypatch):
    def gone(*_asked, **_more):
        raise Away("no server")

    limited(2)
    for verb in ("hit", "get_window_stats"):
        monkeypatch.setattr(auth.limiter._limiter, verb, gone)
    monkeypatch.setattr(auth.limiter, "_storage_dead", False)
    monkeypatch.setattr(auth.limiter.storage, "check", lambda: False)
    assert [ask("/search?q=甲").status_code for _ in range(3)] == [200, 200, 429]
