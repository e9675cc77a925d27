"""Telling many at once is telling each: the same rows, each once, in a few statements."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from portal.db import db
from portal.foundation.notifications import service
from portal.foundation.notifications.bulk import notify_many
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from portal.foundation.rights.rules import Role
from tests.fixtures.people import somebody
from tests.fixtures.settings import with_settings

KEPT_APART = {"id", "key", "event", "notice_id", "created_at", "next_at", "noted_at"}


@pytest.fixture
def bodies(session, app, smtp):
    place = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    made = [Organisation(name=f"第 {number} 局", place=place, email=f"{number}@x.cn") for number in range(30)]
    made[1].email = ""
    session.add_all(made)
    session.flush()
    with with_settings(app, smtp, public_url="https://zz.example.cn"):
        yield made


def letters(bodies, key="a"):
    return [Letter(each, key, "请看%(name)s", "正文", "/x", {"name": each.name}) for each in bodies]


def rows(table, event_named):
    wanted = select(table).order_by(table.organisation_id)
    if table is Delivery:
        wanted = wanted.join(Notice, Notice.id == Delivery.notice_id)
    found = db.session.scalars(wanted.where(Notice.event == event_named))
    columns = [each.key for each in table.__table__.columns if each.key not in KEPT_APART]
    return [{name: getattr(each, name) for name in columns} for each in found]


def test_the_rows_are_those_of_telling_one_after_the_other(bodies):
    for each in letters(bodies, "one by one"):
        service.notify(each.organisation, key=each.key, title=each.title, body=each.body, address=each.address,
                       values=each.values)  # fmt: skip
    assert len(notify_many(letters(bodies))) == 30
    for table in (Notice, Delivery):
        assert rows(table, "a") == rows(table, "one by one")
    assert len(rows(Delivery, "a")) == 29


def test_asked_again_only_what_is_new_is_written(bodies):
    assert len(notify_many(letters(bodies[:3]))) == 3
    twice = [*letters(bodies[:5]), *letters(bodies[4:5])]
    assert notify_many(twice) == {f"a:o{bodies[3].id}", f"a:o{bodies[4].id}"}
    assert notify_many([]) == set()
    assert (len(rows(Notice, "a")), len(rows(Delivery, "a"))) == (5, 4)


def test_a_named_person_is_told_beside_the_unit(bodies):
    person = somebody(Role.EDITOR, organisation=bodies[0])
    db.session.add(person)
    db.session.flush()
    both = [Letter(bodies[0], "a", "题", "文", account=each) for each in (person, None)]
    assert notify_many(both) == {f"a:a{person.id}", f"a:o{bodies[0].id}"}


def test_it_takes_as_many_statements_for_thirty_as_for_three(bodies):
    counts = []
    for number, some in (("3", bodies[:3]), ("30", bodies)):
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest, seen=seen):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        notify_many(letters(some, number))
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1]
