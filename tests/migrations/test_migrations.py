"""The migrations make exactly the tables of the models, on both databases, and can be taken back."""

from __future__ import annotations

import re

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, MetaData, inspect

from portal.app import create_app
from portal.config import ROOT, Settings
from portal.db import Base, db
from tests.fixtures.databases import KINDS, new_postgres_database


@pytest.fixture(params=KINDS)
def fresh(request, tmp_path):
    """An application over a database of its own, still empty, inside its context."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'fresh.db'}"
    else:
        address = new_postgres_database(request.getfixturevalue("postgres"), "fresh")
    application = create_app(
        Settings(environment="test", testing=True, database_url=address, data_dir=tmp_path)
    )
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


def tables():
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences():
    def real(item, name, kind, reflected, _other):
        # Tables beside the models, such as a search index, belong to their migration alone.
        beside = kind == "table" and name not in Base.metadata.tables
        return not (reflected and (beside or name == "ix_search_rows_tokens"))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": real, "target_metadata": Base.metadata}
        )
        return compare_metadata(context, Base.metadata)


def test_up_makes_what_the_models_say(fresh):
    flask_migrate.upgrade()
    assert set(Base.metadata.tables) <= tables()
    assert differences() == []


def test_every_check_of_the_models_is_in_the_database(fresh):
    # New CHECK constraints are not noticed when a migration is written.
    flask_migrate.upgrade()
    wanted = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and constraint.name
    }
    inspector = inspect(db.engine)
    there = {
        (table, check["name"])
        for table in Base.metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    assert wanted - there == set()


def test_down_to_nothing_and_up_again(fresh):
    flask_migrate.upgrade()
    first = shape()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert shape() == first


def shape():
    """Tables, columns, indexes and constraints as the database tells them."""
    seen = MetaData()
    seen.reflect(db.engine)
    return {
        table.name: (
            sorted(f"{column.name} {column.type} {column.nullable}" for column in table.columns),
            sorted(str(index.name) for index in table.indexes),
            sorted(str(constraint.name) for constraint in table.constraints),
        )
        for table in seen.tables.values()
    }


def test_each_step_goes_up_and_down(fresh):
    for script in reversed(list(scripts().walk_revisions())):
        flask_migrate.upgrade(revision=script.revision)
        flask_migrate.downgrade(revision=script.down_revision or "base")
        flask_migrate.upgrade(revision=script.revision)


def scripts():
    return ScriptDirectory(str(ROOT / "migrations"))


def test_one_line_of_numbered_steps():
    assert len(scripts().get_heads()) == 1
    numbers = [script.revision for script in reversed(list(scripts().walk_revisions()))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    for script in scripts().walk_revisions():
        assert re.fullmatch(r"\d{4}_\w+\.py", script.path.rsplit("/", 1)[-1])


def test_every_table_and_column_has_a_plain_name():
    names = [table.name for table in Base.metadata.tables.values()]
    names += [column.name for table in Base.metadata.tables.values() for column in table.columns]
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > 63] == []


def test_moments_know_their_zone():
    from sqlalchemy import DateTime

    from portal.db import Instant

    loose = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, DateTime) and not isinstance(column.type, Instant)
    ]
    assert loose == []
