"""One field for each scenario: processes that were hurt are no start for the next one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from portal.config import Mail, Settings
from portal.db import db
from tests.faults.long.field import FIELD_KEY, Field, application
from tests.fixtures.databases import empty
from tests.fixtures.mail import Mailbox
from tests.fixtures.passwords import quick_passwords
from tests.fixtures.queueserver import QueueServer
from tests.fixtures.web import Receiver
from tests.notifications.beds import LOOPBACK

__all__ = ["quick_passwords"]


@pytest.fixture
def field(
    settings: Settings, own_valkey: QueueServer, smtp: Mailbox, receiver: Receiver, tmp_path_factory
) -> Iterator[Field]:
    """Two workers and two schedulers with the clocks as shipped, and units with receivers."""
    mine = replace(
        settings,
        redis_url=own_valkey.url,
        data_dir=tmp_path_factory.mktemp("field"),
        mail=Mail(host=smtp.host, port=smtp.port),
        outbound=LOOPBACK,
        field_keys=(FIELD_KEY,),
    )
    app = application(mine)
    with app.app_context():
        _careful()
        made = Field(app, mine, own_valkey, smtp, receiver, random.Random(20261122))
        made.settle_units()
        made.need(workers=2, schedulers=2)
        yield made
        made.end()
        db.session.remove()
        empty(db.engine)
        db.engine.dispose()


def _careful() -> None:
    """A commit is to outlive the server here; other tests do without, for speed."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("ALTER SYSTEM SET synchronous_commit = on"))
            alone.execute(text("SELECT pg_reload_conf()"))
        db.engine.dispose()
