"""Two cities full of records, each with a list that nobody has published, and a browser for a person of each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, select

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.organisations import service as organisations
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.rights.rules import Role
from portal.foundation.signins.passwords.service import set_password
from portal.powers.lists import queries as lists
from tests.fixtures.databases import borrowed
from tests.fixtures.doors import Application, Visitor
from tests.fixtures.passwords import quick_passwords
from tests.lists.making import City, make_list, row, take_over
from tests.rights.land import make_land

__all__ = ["quick_passwords"]

PASSWORD = "correct horse battery"
SECRETS = {"here": "秘密船舶备案", "there": "机密船舶备案"}


@dataclass(frozen=True)
class Office:
    """Two cities, and a browser for a person of each role in the first."""

    people: dict[Role, int]
    visitors: dict[Role, Visitor]
    connection: Connection

    def home(self, role: Role) -> str:
        return self.visitors[role].get("/staff/").text


@pytest.fixture(scope="module")
def office(app: Application) -> Iterator[Office]:
    """On one connection that is rolled back in the end."""
    with app.app_context(), borrowed(app) as connection:
        people = make_land().people
        for slug, name in SECRETS.items():
            _draft(slug, name)
        # Both cities of the land have one.
        named = select(Organisation).join(Organisation.place).where(Organisation.name == "市公安局")
        police = db.session.scalars(named.where(Place.name == "聊城市")).one()
        organisations.add_alias(police, "公安处", by=None)
        visitors = {}
        for role, account in people.items():
            set_password(None, account, PASSWORD)
            visitor = app.test_client()
            assert isinstance(visitor, Visitor)
            given = {"login": account.login, "password": PASSWORD}
            assert visitor.post("/staff/sign-in/", data=given).status_code == 302
            visitors[role] = visitor
        ids = {role: account.id for role, account in people.items()}
        db.session.commit()
        yield Office(ids, visitors, connection)


def _draft(slug: str, name: str) -> None:
    published = lists.by_slug(slug)
    editor = db.session.scalars(select(Account).where(Account.login.like("editor-%"))).first()
    city = City(published.place, published.policy, editor, editor, {})
    take_over(city, make_list(city, f"draft-{slug}"), [row(1, name, code=f"BM-{slug}-7")])
