"""What lists and forms of the staff door ask of the database: a bounded number of statements, whatever there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from admin.records import RecordsPage
from portal.db import db
from portal.foundation.rights.rules import Role
from tests.fixtures.crowd import multiply

LIST, FORM = 25, 15
"""The most statements for a list and for a form (at 50,000 rows as with three)."""
ROLES = (Role.COUNTY_OFFICER, Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
NO_LISTS = {"sign-in", "lookup", "own", "factor", "new-password"}


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def statements(visitor, address):
    """How many statements an address costs; None when the visitor may not see it."""
    with counted() as asked:
        answer = visitor.get(address)
    if answer.status_code == 302 and answer.location.startswith("/staff/ways/"):
        return statements(visitor, answer.location)
    return len(asked) if answer.status_code == 200 else None


def pages(app):
    """Address of each page's list, and the page."""
    door = next(each for each in app.extensions["admin"] if each.url == "/staff")
    for page in door._views:
        rules = list(app.url_map.iter_rules(f"{page.endpoint}.{page._default_view}"))
        if page.endpoint not in NO_LISTS and rules and not rules[0].arguments:
            yield str(rules[0]), page


def whole(app, visitors):
    """(address, role) with the number of statements, of every list and of the form of the newest record."""
    found = {}
    for address, page in pages(app):
        for role in ROLES:
            asked = statements(visitors[role], address)
            if asked is None:
                continue
            found[(address, role)] = asked
            if isinstance(page, RecordsPage) and page.can_edit:
                newest = db.session.scalar(select(func.max(page.record.id)))
                asked = statements(visitors[role], f"{address}edit/?id={newest}")
                found |= {(f"{address}edit/", role): asked} if asked is not None else {}
    return found


@pytest.fixture
def asked(app, land):
    """What is asked with few rows and with many."""
    _records, _held, visitors, _connection = land
    multiply(3)
    few = whole(app, visitors)
    multiply(250, 3)
    return few, whole(app, visitors)


def test_no_list_asks_more_the_more_there_is(asked):
    few, many = asked
    assert {key for key in few if "edit" in key[0]}
    too_many = {
        key: (few.get(key), number)
        for key, number in many.items()
        if number > (FORM if key[0].endswith("edit/") else LIST) or number > few.get(key, number)
    }
    assert too_many == {}
