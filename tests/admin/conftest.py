"""People at the staff door."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from jobs.demo import bring_data
from portal import auth
from portal.db import db
from portal.foundation.accounts import service
from portal.foundation.accounts.models import Account, Post
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures import worlds
from tests.fixtures.doors import Application, Visitor
from tests.fixtures.passwords import quick_passwords, with_password
from tests.fixtures.people import LONG_AGO

__all__ = ["quick_passwords"]

PASSWORD = "correct horse battery"

SignedIn = Callable[[Role], Visitor]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    auth.limiter.reset()


@pytest.fixture
def jining(session: Session) -> Place:
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    session.add(city)
    session.flush()
    return city


@pytest.fixture
def weishan(session: Session, jining: Place) -> Place:
    county = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY, parent=jining, position=1)
    session.add(county)
    session.flush()
    return county


@pytest.fixture
def yutai(session: Session, jining: Place) -> Place:
    county = Place(code="370827", name="鱼台县", kind=PlaceKind.COUNTY, parent=jining, position=2)
    session.add(county)
    session.flush()
    return county


def person(role: Role, *, login: str = "", place: Place | None = None) -> Account:
    """An account with the tests' password."""
    entry = service.Person(
        login=login or role.value.replace("_", "-"),
        name=f"某{role.value}",
    )
    account = with_password(entry, PASSWORD)
    # An office's post without a place reaches every city, which most of these tests are not about.
    account.posts.append(Post(role=role, place=place, since=LONG_AGO))
    db.session.flush()
    return account


def enter(visitor: Visitor, login: str, password: str = PASSWORD) -> int:
    """Sign in by the form; gives the status of the answer."""
    return visitor.post("/staff/sign-in/", data={"login": login, "password": password}).status_code


@pytest.fixture
def as_role(app: Application, client: Visitor, weishan: Place) -> SignedIn:
    """`as_role(Role.EDITOR)` gives a browser in which such a person is signed in."""

    def signed_in(role: Role) -> Visitor:
        account = person(role, place=weishan if role is Role.COUNTY_OFFICER else None)
        visitor = app.test_client()
        assert isinstance(visitor, Visitor)
        assert enter(visitor, account.login) == 302
        return visitor

    return signed_in


@pytest.fixture
def editor(app: Application, session: Session, client: Visitor) -> Visitor:
    """Signed in, with the shipped places, bodies and documents."""
    worlds.of(bring_data)
    person(Role.EDITOR)
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, "editor") == 302
    return visitor


@pytest.fixture
def approver(app: Application, editor: Visitor) -> Visitor:
    person(Role.APPROVER)
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    assert enter(visitor, "approver") == 302
    return visitor
