"""Two cities full of records, and a browser for a person of each role."""

from __future__ import annotations

import pytest

from portal.db import db
from portal.foundation.signins.passwords.service import set_password
from tests.fixtures.databases import borrowed
from tests.fixtures.doors import Visitor
from tests.fixtures.passwords import quick_passwords
from tests.rights.land import make_land

__all__ = ["quick_passwords"]

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def land(app):
    """The world and a browser for each role, on one connection that is rolled back in the end."""
    with app.app_context(), borrowed(app) as connection:
        made = make_land()
        visitors = {}
        for role, account in made.people.items():
            set_password(None, account, PASSWORD)
            visitor = app.test_client()
            assert isinstance(visitor, Visitor)
            given = {"login": account.login, "password": PASSWORD}
            assert visitor.post("/staff/sign-in/", data=given).status_code == 302
            visitors[role] = visitor
        db.session.commit()
        yield made.records, made.held(), visitors, connection
