"""The clock takes away what nobody came back to, and what closed accounts left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.drafts import forget_drafts
from portal import clock
from portal.errors import NotFound, Refused
from portal.foundation.drafts import queries, rules, service
from portal.foundation.drafts.models import Draft
from portal.foundation.rights.rules import Role
from tests.fixtures.people import somebody


@pytest.fixture
def person(session):
    account = somebody(Role.EDITOR)
    session.add(account)
    session.flush()
    return account


def test_old_ones_and_those_of_closed_accounts_go(session, person):
    closed = somebody(Role.EDITOR)
    session.add(closed)
    session.flush()
    old = service.keep(person, "/staff/a", "F:", [("name", "a")])
    old.changed_at = clock.now() - rules.KEPT - timedelta(seconds=1)
    young = service.keep(person, "/staff/b", "F:", [("name", "b")])
    service.keep(closed, "/staff/b", "F:", [("name", "c")])
    assert len(queries.others_at(person, "/staff/b", clock.now())) == 1
    closed.active = False
    session.flush()
    assert not queries.others_at(person, "/staff/b", clock.now())
    assert forget_drafts() == 2
    assert session.scalars(select(Draft.id)).all() == [young.id]
    assert forget_drafts() == 0


def test_who_comes_back_begins_a_new_sitting(session, person):
    draft = service.keep(person, "/staff/a", "F:", [])
    first = draft.sitting_since
    service.keep(person, "/staff/a", "F:", [])
    assert draft.sitting_since == first
    draft.changed_at = draft.sitting_since = clock.now() - timedelta(days=1)
    service.keep(person, "/staff/a", "F:", [])
    assert rules.sits(draft.sitting_since, clock.now())


def test_forms_and_addresses_are_kept_apart(session, person):
    one = service.keep(person, "/staff/a", "F:", [("name", "a")], "7.abc")
    two = service.keep(person, "/staff/a", "G:", [("name", "b"), ("name", "c")])
    assert [each.id for each in queries.at(person, "/staff/a")] == [one.id, two.id]
    assert rules.read(one.content) == ([("name", "a")], "7.abc")
    assert rules.read(two.content) == ([("name", "b"), ("name", "c")], "")
    service.saved(person, "/staff/a", "F:")
    with pytest.raises(NotFound):
        queries.one_of(person, one.id)
    with pytest.raises(Refused):
        service.keep(person, "/staff/" + "a" * rules.LONGEST_ADDRESS, "F:", [])
    assert rules.read("") == ([], "")
