"""Notices of a version before 0008 go on: known by their keys, read by those who could read them."""

from __future__ import annotations

import flask_migrate
from sqlalchemy import text

from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.notifications import queries, sending, service
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import DeliveryState
from portal.foundation.organisations.models import Organisation
from tests.migrations.test_migrations import fresh

__all__ = ["fresh"]

BEFORE = (
    (
        "INSERT INTO places (id, code, official, name, kind, printed_kind, position, certainty, note)"
        " VALUES (1, '370826', TRUE, '微山县', 'county', '', 0, 'high', '')"
    ),
    "INSERT INTO organisations (id, name, place_id, kind, email) VALUES (1, '甲局', 1, 'department', 'a@b.cn')",
    (
        "INSERT INTO accounts (id, login, name, email, password_hash, role, organisation_id, active, demo, failures,"
        " created_at) VALUES (1, 'a', '甲', '', 'x', 'editor', 1, TRUE, FALSE, 0, '2026-01-01')"
    ),
    (
        "INSERT INTO notices (id, key, organisation_id, title, body, address, created_at, read_at)"
        " VALUES (1, 'read', 1, '读过', '乙', '', '2026-01-01', '2026-01-02'),"
        " (2, 'new', 1, '100%', '乙', '', '2026-01-01', NULL)"
    ),
    (
        "INSERT INTO deliveries (id, key, notice_id, channel, recipient, state, attempts, next_at, error)"
        " VALUES (1, 'new:email', 2, 'email', 'a@b.cn', 'queued', 0, '2026-01-01', '')"
    ),
)


def test_what_there_was_is_known_again(fresh):
    flask_migrate.upgrade(revision="0007")
    for statement in BEFORE:
        db.session.execute(text(statement))
    db.session.commit()
    flask_migrate.upgrade()
    read, new = db.session.query(Notice).order_by(Notice.id).all()
    assert [(each.key, each.event) for each in (read, new)] == [("read:o1", "read"), ("new:o1", "new")]
    account = db.session.get(Account, 1)
    assert (queries.unread(account), queries.read_by(account, [read, new])) == (1, {1})
    # Told again of the same occasion, nobody gets a second notice.
    body = db.session.get(Organisation, 1)
    assert service.notify(body, key="new", title="100%", body="乙") is new
    (delivery,) = db.session.query(Delivery).all()
    assert (delivery.organisation_id, delivery.lane, delivery.key) == (1, "email", "new:email")
    # There is no mail server any more: it ends visibly.
    assert sending.claim() == (1, [])
    db.session.commit()
    assert delivery.state is DeliveryState.VOID
    db.session.remove()
    flask_migrate.downgrade(revision="0007")
    assert db.session.execute(text("SELECT state FROM deliveries")).scalar() == "failed"
    db.session.remove()
    flask_migrate.upgrade()
    assert db.session.query(Notice).count() == 2
