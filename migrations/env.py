"""Migrations run inside the application: the same settings, the same engine, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from portal.db import Instant, Json, db

OWN = ("search_index", "ix_search_rows_tokens")


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our own column types appear in scripts as what they are in the database."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Json:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def include_object(item: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
    """What indexes the tokens of search belongs to its own migration: neither tables nor models tell of it."""
    return not (reflected and kind in ("table", "index") and str(name).startswith(OWN))


@contextmanager
def unminded(connection: Connection) -> Iterator[None]:
    """On SQLite nothing minds references meanwhile; at the end all of them must hold.

    It changes a table by making it anew, and dropping the old one would take along whatever refers to it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        if lost := raw.execute("PRAGMA foreign_key_check").fetchmany(5):
            raise RuntimeError(f"rows refer to others that are not there: {lost}")
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys = ON")


with db.engine.connect() as connection, unminded(connection):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render_item,
        include_object=include_object,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
