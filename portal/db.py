"""The database: one declarative base, one session, and what makes SQLite behave like a server.

Times are stored in UTC and come back aware on both databases. SQLite runs with WAL, foreign keys and
BEGIN IMMEDIATE: with the ordinary BEGIN, concurrent writers fail instead of waiting.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

from flask import g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, MetaData, event
from sqlalchemy import Enum as ColumnEnum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment, aware, in UTC. A naive value is refused: it would mean something else elsewhere."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment; store an aware one in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """SQLite gives the moment back without its zone; it was UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Every table's base: the naming convention makes constraints droppable on both databases."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        # Enumerations are stored by their value, as text without a CHECK: a new state needs no migration.
        type_annotation_map={
            Enum: ColumnEnum(
                Enum, native_enum=False, length=32, values_callable=lambda kind: [word.value for word in kind]
            ),
            datetime: Instant(),
            dict[str, Any]: Json,
            list[Any]: Json,
        },
    )


READS = {"reads": True}
"""Execution options of a connection that only reads: on SQLite it then waits for no writer."""

WRITES = {"reads": False}
"""Those of one that is to write although the request only reads: having read first, it could not any more."""

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(render_as_batch=True, compare_type=True)


def tame_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, a patient lock and BEGIN IMMEDIATE on every SQLite connection of the engine."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "busy_timeout = 15000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {_begin_kind(connection)}")


def _begin_kind(connection: Connection) -> str:
    """A request that only reads does not queue behind writers; everything else takes its turn at once."""
    reads = connection.get_execution_options().get("reads")
    if reads is None:
        reads = has_request_context() and request.method in ("GET", "HEAD") and not g.get("writes")
    return "DEFERRED" if reads else "IMMEDIATE"
