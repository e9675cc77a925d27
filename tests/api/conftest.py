"""The read API over a small published city (tests/site), and over the shipped lists (tests/demo)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from portal import auth
from tests.demo.conftest import loaded  # noqa: F401  the fixture
from tests.fixtures.doors import Application
from tests.lists.making import publish
from tests.site.conftest import city, matter, power_list  # noqa: F401  fixtures

PREFIX = "/api/v1"


@pytest.fixture(autouse=True)
def whole_publication(sheets: None) -> None:
    """What is published has all its sheets."""


@pytest.fixture
def client(app: Application, client):
    """A visitor with the whole quota."""
    auth.limiter.reset()
    return client


@pytest.fixture
def read(client):
    """`read("/places?limit=1")`: what the API answers, as Python; any other status than the expected one fails."""

    def ask(address, status=200, **headers):
        answer = client.get(f"{PREFIX}{address}", headers=headers)
        assert answer.status_code == status, (address, answer.get_data(as_text=True))
        return json.loads(answer.get_data(as_text=True))

    return ask


@pytest.fixture
def limited(app: Application):
    """`limited(3)`: so many requests a minute from now on, until the end of the test."""
    before = app.config["REMIT"]

    def to(requests):
        app.config["REMIT"] = replace(before, api_limit=requests)

    yield to
    app.config["REMIT"] = before


@pytest.fixture
def republish(city, power_list):  # noqa: F811  the fixtures above
    """`republish()`: the list's working copy becomes its next revision."""
    return lambda day=None: publish(city, power_list, day)
