"""A table that SQLite makes anew takes nothing along that refers to it."""

from __future__ import annotations

import flask_migrate
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.db import db
from tests.migrations.test_migrations import fresh

__all__ = ["fresh"]

BEFORE = (
    (
        "INSERT INTO places (id, code, official, name, kind, printed_kind, position, certainty, note)"
        " VALUES (1, '370826', TRUE, '微山县', 'county', '', 0, 'high', '')"
    ),
    (
        "INSERT INTO accounts (id, login, name, email, password_hash, active, demo, generation, created_at)"
        " VALUES (1, 'a', '甲', '', 'x', TRUE, FALSE, 0, '2026-01-01')"
    ),
    (
        "INSERT INTO policies (id, number, title, issuer, place_id, validity)"
        " VALUES (1, '甲〔2026〕1号', '甲', '乙', 1, 'unverified')"
    ),
    (
        "INSERT INTO circulars (id, policy_id, number, begins_on, ends_on, content, made_at, made_by_id)"
        " VALUES (1, 1, 1, '2026-01-01', '2026-01-31', '{}', '2026-02-01', 1)"
    ),
    "INSERT INTO circular_files (circular_id, format, reason) VALUES (1, 'pdf', 'signs')",
)


def kept() -> int | None:
    return db.session.scalar(text("SELECT count(*) FROM circular_files"))


def test_files_of_circulars_stay_when_circulars_change_up_and_down(fresh):
    flask_migrate.upgrade(revision="0021")
    for statement in BEFORE:
        db.session.execute(text(statement))
    db.session.commit()
    for step in (flask_migrate.upgrade, flask_migrate.downgrade):
        db.session.remove()
        step(revision="0022" if step is flask_migrate.upgrade else "0021")
        assert kept() == 1


def test_references_are_minded_again_afterwards(fresh):
    flask_migrate.upgrade()
    lost = text("INSERT INTO circular_files (circular_id, format, reason) VALUES (7, 'pdf', '')")
    with pytest.raises(IntegrityError):
        db.session.execute(lost)
