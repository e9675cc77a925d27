"""The shipped lists, brought in once a database by the command that people use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskCliRunner

from portal.db import db
from tests.fixtures.databases import empty
from tests.fixtures.doors import Application
from tests.fixtures.papers import every_sheet


@pytest.fixture(scope="module")
def loaded(app: Application) -> Iterator[FlaskCliRunner]:
    """A runner of commands over a database in which `flask demo load` was run; emptied afterwards."""
    before = app.config["REMIT"]
    app.config["REMIT"] = replace(before, demo=True)
    runner = app.test_cli_runner()
    with every_sheet():
        done = runner.invoke(args=["demo", "load"])
    assert done.exit_code == 0, done.output
    yield runner
    app.config["REMIT"] = before
    with app.app_context():
        empty(db.engine)
