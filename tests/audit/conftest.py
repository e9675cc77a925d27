"""Something to change, and what the record says of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.foundation.audit.models import Entry
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind

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
