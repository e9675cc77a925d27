"""What lists and forms of the staff door ask of the database: a bounded number of statements, whatever there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from admin.powers.local import LocalPage
from admin.records import RecordsPage
from portal.db import db
from portal.foundation.rights.rules import Role
from tests.fixtures.crowd import multiply

LIST, FORM = 25, 15
"""The most statements for a list and for a form (at 50,000 rows as with three)."""
ROLES = (Role.EDITOR, Role.ADMINISTRATOR, Role.COUNTY_OFFICER, Role.APPROVER)
"""The first of them who may see a page is asked; of what places say of themselves the county officer."""
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
    """How many statements an address costs, with its page; None when the visitor may not see it."""
    with counted() as asked:
        answer = visitor.get(address)
    if answer.status_code == 302 and answer.location.startswith("/staff/ways/"):
        return statements(visitor, answer.location)
    return (len(asked), answer.text) if answer.status_code == 200 else None


def pages(app):
    """Address of each page's list, and the page."""
    door = next(each for each in app.extensions["admin"] if each.url == "/staff")
    for page in door._views:
        rules = list(app.url_map.iter_rules(f"{page.endpoint}.{page._default_view}"))
        if page.endpoint not in NO_LISTS and rules and not rules[0].arguments:
            yield str(rules[0]), page


def whole(app, visitors):
    """Address with the number of statements, of every list and of a form that it leads to."""
    found = {}
    for address, page in pages(app):
        for role in (Role.COUNTY_OFFICER,) if isinstance(page, LocalPage) else ROLES:
            asked = statements(visitors[role], address)
            if asked is not None:
                found.setdefault(address, asked[0])
                edit = re.search(rf"{address}edit/\?id=\d+", asked[1])
                form = statements(visitors[role], edit[0]) if edit else None
                if form is not None:
                    found[f"{address}edit/"] = form[0]
                if form is not None or not isinstance(page, RecordsPage):
                    break
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
    assert few.keys() == many.keys()
    assert len([address for address in few if address.endswith("edit/")]) > len(ROLES)
    too_many = {
        address: (few[address], number)
        for address, number in many.items()
        if number > (FORM if address.endswith("edit/") else LIST) or number > few[address]
    }
    assert too_many == {}
