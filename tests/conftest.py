"""The test bed. Ask for:

`app`       the whole application (public pages and staff door), once on SQLite and once on PostgreSQL
`session`   `db.session` in a transaction that is rolled back after the test (fast; use it by default)
`client`    a visitor of the application; sees what `session` prepared, and the other way round
`live`      the application with real commits, for several processes; the tables are emptied afterwards
`valkey`    a real queue server, emptied; `own_valkey` one that may be stopped and killed
`smtp`      a real mail receiver
`visit`     a fresh profile of a real browser
`frozen`    a clock that stands
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db
from tests.fixtures import surroundings
from tests.fixtures.doors import Application, Visitor
from tests.fixtures.queueserver import QueueServer
from wsgi import compose

# How fast examples are made says how busy the machine is, and a store of old ones is a leftover.
hypothesis.settings.register_profile(
    "remit", deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("remit")

# wsgi reads the environment when it is imported; this has put it in order by then.
assert surroundings.FOLDER

pytest_plugins = [
    "tests.fixtures.browsers",
    "tests.fixtures.databases",
    "tests.fixtures.limits",
    "tests.fixtures.mail",
    "tests.fixtures.openid",
    "tests.fixtures.papers",
    "tests.fixtures.valkey",
    "tests.fixtures.web",
]


@pytest.fixture(scope="session")
def settings(database: str, valkey_server: QueueServer, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the application under test."""
    return Settings(
        environment="test",
        testing=True,
        database_url=database,
        redis_url=valkey_server.url,
        data_dir=tmp_path_factory.mktemp("data"),
        # Tests take their changes back unseen; tests/pagecache asks for a cache of its own.
        page_cache=0,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Application]:
    """The application with both doors, on each database; its forms do not ask for CSRF tokens."""
    application = compose(settings)
    application.config["WTF_CSRF_ENABLED"] = False
    application.test_client_class = Visitor
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Application, session: Session, valkey: QueueServer) -> Visitor:
    """A visitor; `session` and the emptied queue server come with it."""
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@pytest.fixture
def files() -> Path:
    """The folder of sample files."""
    return Path(__file__).parent / "files"
