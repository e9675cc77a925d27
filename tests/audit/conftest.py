"""Something to change, and what the record says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.config import Anchors
from portal.foundation.audit.models import Entry
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.fixtures.databases import without_triggers
from tests.fixtures.doors import Application

Told = Callable[[], list[tuple[str, str, dict[str, list[object]]]]]


@pytest.fixture
def told(session: Session) -> Told:
    """What was told since it was last asked: act, table and changes of each entry."""
    seen = [0]

    def ask() -> list[tuple[str, str, dict[str, list[object]]]]:
        found = session.scalars(select(Entry).where(Entry.number > seen[0]).order_by(Entry.number)).all()
        seen[0] = found[-1].number if found else seen[0]
        return [(each.act.value, each.kind, json.loads(each.changes)) for each in found]

    return ask


def place(number: int = 0) -> Place:
    """A place that is in no other test's way."""
    return Place(code=f"99{number:04}", name=f"某地{number}", kind=PlaceKind.COUNTY)


@contextmanager
def loose(session: Session) -> Iterator[None]:
    """As whoever owns the database could: the triggers are off for a while."""
    session.commit()
    if session.connection().dialect.name == "postgresql":
        session.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        session.execute(text("SET LOCAL session_replication_role = origin"))
    else:
        with without_triggers(session.connection()):
            yield
    session.commit()


@pytest.fixture
def anchors(app: Application, tmp_path: Path) -> Iterator[Path]:
    """The file of anchors, of this test alone."""
    before, file = app.config["REMIT"], tmp_path / "anchors.txt"
    app.config["REMIT"] = replace(before, anchors=Anchors(file=file))
    yield file
    app.config["REMIT"] = before
