"""Who attacks: strangers before a portal that is set up as in production, and people who are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from portal.config import Settings
from portal.db import db
from portal.foundation.rights.rules import Role
from portal.foundation.signins.passwords.service import set_password
from tests.fixtures.doors import Application
from tests.fixtures.passwords import quick_passwords
from tests.fixtures.people import somebody
from tests.rights.conftest import land
from wsgi import compose

__all__ = ["land", "quick_passwords"]

HOST = "zz.example.cn"
HOME = f"https://{HOST}"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def relied_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """The application as production sets it up, with an administrator, in a database of its own."""
    folder = tmp_path_factory.mktemp("relied-on")
    settings = Settings(
        environment="production",
        testing=True,
        database_url=f"sqlite:///{folder / 'remit.db'}",
        data_dir=folder,
        secret_key="k" * 40,
        trusted_hosts=(HOST,),
        page_cache=0,
    )
    application = compose(settings)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    with application.app_context():
        db.create_all()
        account = somebody(Role.ADMINISTRATOR, login="keeper")
        db.session.add(account)
        db.session.flush()
        set_password(None, account, PASSWORD)
        db.session.commit()
        db.session.remove()
    yield application
    with application.app_context():
        db.engine.dispose()


def values(rule: Rule, text: str = "x", number: int = 1) -> dict[str, Any]:
    """Something for every argument of an address: the text, the number, or the first of the words it takes."""
    found: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, AnyConverter):
            found[name] = min(converter.items)
        else:
            found[name] = number if isinstance(converter, IntegerConverter) else text
    return found


def address(app: Application, rule: Rule, text: str = "x", number: int = 1) -> str:
    """An address that the rule takes."""
    with app.test_request_context(base_url=HOME):
        return str(app.url_for(rule.endpoint, **values(rule, text, number)))
