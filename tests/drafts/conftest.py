"""A body whose form two people can open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.admin.conftest import enter, fresh_limits, person
from tests.fixtures.doors import Application, Visitor
from tests.fixtures.passwords import quick_passwords

__all__ = ["fresh_limits", "quick_passwords"]

Entering = Callable[..., Visitor]


@pytest.fixture
def body(session: Session) -> Organisation:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    found = Organisation(name="商务局", place=city, email="old@example.cn")
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def entering(app: Application, client: Visitor) -> Entering:
    """`entering("wang")` gives a browser in which an editor of this login is signed in."""

    def entered(login: str, role: Role = Role.EDITOR) -> Visitor:
        person(role, login=login)
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, login) == 302
        return visitor

    return entered
