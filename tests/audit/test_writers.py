"""Real connections: many writers at once keep one chain; another user of the database cannot change it."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import DBAPIError

from portal.db import db
from portal.foundation.audit import circumstances, service
from portal.foundation.audit.at_once import record_now
from portal.foundation.audit.models import Entry
from portal.foundation.audit.rules import Act, Who
from portal.foundation.audit.verifying import verify
from portal.foundation.places.models import Place
from tests.audit.conftest import place

WRITERS, TURNS = 16, 5


def test_sixteen_writers_keep_one_chain(live):
    barrier, failures = Barrier(WRITERS), []

    def write(writer):
        with live.app_context():
            barrier.wait()
            try:
                for turn in range(TURNS):
                    db.session.add(place(writer * TURNS + turn))
                    db.session.flush()
                    service.record(Act.EXPORT, name=f"{writer}-{turn}")
                    db.session.commit()
            except DBAPIError as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    verdict = verify()
    assert (verdict.fault, verdict.entries) == (None, 2 * WRITERS * TURNS)
    assert db.session.scalars(select(Entry.number).order_by(Entry.number)).all() == list(
        range(1, 2 * WRITERS * TURNS + 1)
    )
    told = db.session.scalars(select(Entry.record_name).where(Entry.kind == "")).all()
    assert sorted(told) == sorted(f"{writer}-{turn}" for writer in range(WRITERS) for turn in range(TURNS))


def test_a_refusal_is_told_although_somebody_else_writes_meanwhile(live, monkeypatch):
    """Telling of who acts may read; what has read on SQLite cannot write any more once another one has."""
    others = create_engine(db.engine.url)
    db.session.add(place(1))
    db.session.commit()

    def signed_in():
        db.session.scalar(select(Place.id).limit(1))
        with suppress(DBAPIError), others.begin() as connection:
            # On SQLite whoever tells has the turn by now.
            connection.exec_driver_sql("DELETE FROM places")
        return Who(7, "甲")

    if db.engine.dialect.name == "sqlite":
        event.listen(others, "connect", lambda each, _record: each.execute("PRAGMA busy_timeout = 0"))
    monkeypatch.setattr(circumstances, "_signed_in", [signed_in])
    with live.test_request_context("/staff/imports/new"):
        record_now(Act.REFUSAL, about=("imports", ""))
        db.session.remove()
    others.dispose()
    assert db.session.scalars(select(Entry.actor).where(Entry.act == Act.REFUSAL)).all() == ["甲"]


def test_no_record_no_change(live, monkeypatch):
    monkeypatch.setattr("portal.foundation.audit.capturing.append", refuses)
    db.session.add(place(1))
    with pytest.raises(OSError, match="no room"):
        db.session.commit()
    db.session.rollback()
    assert db.session.scalars(select(Place)).all() == []
    assert verify().entries == 0


def refuses(*_):
    raise OSError("no room for the record")


ATTEMPTS = {
    "sqlite": (
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_entries",
        "REPLACE INTO audit_head (id, number, hash) VALUES (1, 0, '')",
        "REPLACE INTO audit_entries SELECT * FROM audit_entries",
        "DELETE FROM audit_head",
    ),
    "postgresql": (
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
        "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entries_stay ON audit_entries",
        "DROP TABLE audit_entries",
        "UPDATE audit_head SET number = 0",
        "DELETE FROM audit_head",
        "SET session_replication_role = replica",
        "CREATE TEMP TABLE audit_stumps AS SELECT 999999 AS up_to; DELETE FROM audit_entries",
    ),
}


@pytest.fixture
def application_user(live):
    """An engine that signs in as the portal would: a user that owns nothing and was granted what operations.md says."""
    if db.engine.dialect.name == "sqlite":
        yield db.engine
        return
    with db.engine.connect() as connection:
        connection.execute(text("DROP ROLE IF EXISTS remit_portal"))
        connection.execute(text("CREATE ROLE remit_portal LOGIN PASSWORD 'x'"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO remit_portal"))
        connection.execute(text("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO remit_portal"))
        connection.commit()
    engine = create_engine(db.engine.url.set(username="remit_portal", password="x"))
    yield engine
    engine.dispose()
    with db.engine.connect() as connection:
        connection.execute(text("DROP OWNED BY remit_portal"))
        connection.execute(text("DROP ROLE remit_portal"))
        connection.commit()


def tried(engine, attempt):
    with engine.connect() as connection:
        for statement in attempt.split("; "):
            connection.execute(text(statement))
        connection.commit()


def test_whoever_serves_the_portal_cannot_change_the_record(live, application_user):
    db.session.add(place(1))
    db.session.commit()
    kind = application_user.dialect.name
    for attempt in ATTEMPTS[kind]:
        with pytest.raises(DBAPIError):
            tried(application_user, attempt)
    assert verify().fault is None
    assert verify().entries == 1
