"""What the session writes is told by itself, once, with what stood before and after, and goes with a rollback."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, event, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from portal.db import Base, db
from portal.foundation.audit import service
from portal.foundation.audit.models import ChainHead, Entry
from portal.foundation.audit.rules import MANY, MASK, Act
from portal.foundation.audit.tables import LEFT_OUT, PARTS, masked
from portal.foundation.audit.verifying import verify
from portal.foundation.organisations.models import Organisation
from portal.foundation.organisations.rules import OrganisationKind
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.audit.conftest import place


def new(number):
    return {"code": f"99{number:04}", "name": f"某地{number}", "kind": PlaceKind.COUNTY, "printed_kind": ""}


def twice(session, *rows):
    """Each row flushed by itself: the first is in the database when the last is refused."""
    for row in rows:
        session.add(row)
        session.flush()


def test_a_row_is_told_when_it_is_made_changed_and_taken_away(session, told):
    row = place()
    session.add(row)
    session.commit()
    [(act, kind, changes)] = told()
    assert (act, kind) == ("create", "places")
    assert changes["name"] == [None, "某地0"]
    row.name = "另一地"
    session.commit()
    assert told() == [("change", "places", {"name": ["某地0", "另一地"]})]
    session.delete(row)
    session.commit()
    [(act, _kind, changes)] = told()
    assert act == "delete"
    assert changes["name"] == ["另一地", None]


def test_what_was_not_read_is_read_before_it_is_written_over(session, told):
    row = place()
    session.add(row)
    session.commit()
    told()
    session.expire(row)
    row.name = "另一地"
    session.commit()
    assert told() == [("change", "places", {"name": ["某地0", "另一地"]})]
    session.expire(row)
    row.name = "另一地"
    session.commit()
    assert told() == []


def test_several_flushes_are_one_entry(session, told):
    row = place()
    session.add(row)
    session.flush()
    row.name = "甲"
    session.flush()
    row.name = "乙"
    session.commit()
    [(act, _kind, changes)] = told()
    assert (act, changes["name"]) == ("create", [None, "乙"])
    row.name = "丙"
    session.flush()
    row.name = "乙"
    session.commit()
    assert told() == []


def test_what_comes_and_goes_is_not_told(session, told):
    row = place()
    session.add(row)
    session.flush()
    session.delete(row)
    session.commit()
    assert told() == []


def test_a_rollback_takes_it_along(session, told):
    session.add(place())
    session.flush()
    service.record(Act.EXPORT, name="某表")
    session.rollback()
    session.add(place(1))
    session.commit()
    assert [changes["name"] for _act, _kind, changes in told()] == [[None, "某地1"]]


def test_a_savepoint_takes_its_own_along(session, told):
    session.add(place(1))
    session.flush()
    with session.begin_nested() as savepoint:
        session.add(place(2))
        session.flush()
        savepoint.rollback()
    with session.begin_nested():
        session.add(place(3))
    with pytest.raises(IntegrityError), session.begin_nested():
        twice(session, place(4), place(1))
    session.commit()
    assert [changes["code"][1] for _act, _kind, changes in told()] == ["990001", "990003"]


def test_statements_on_sets_tell_each_row(session, told):
    session.add_all([place(number) for number in range(3)])
    session.commit()
    told()
    session.execute(update(Place).where(Place.code != "990001").values(name="同一名"))
    session.commit()
    assert told() == [
        ("change", "places", {"name": ["某地0", "同一名"]}),
        ("change", "places", {"name": ["某地2", "同一名"]}),
    ]
    session.execute(update(Place).values(name=Place.code + "号").where(Place.name == "同一名"))
    session.commit()
    assert [changes["name"][1] for _act, _kind, changes in told()] == ["990000号", "990002号"]
    session.execute(update(Place).where(Place.code == "0").values(name="无"))
    session.commit()
    assert told() == []
    session.execute(delete(Place).where(Place.code == "990000"))
    session.commit()
    [(act, _kind, changes)] = told()
    assert (act, changes["name"]) == ("delete", ["990000号", None])


def test_a_statement_sees_what_waits_to_be_flushed(session, told):
    row = place()
    session.add(row)
    session.execute(update(Place).where(Place.code == "990000").values(name="改了"))
    session.commit()
    [(act, _kind, changes)] = told()
    assert (act, changes["name"]) == ("create", [None, "改了"])


def test_an_inserted_row_is_told_with_its_key(session, told):
    session.execute(insert(Place).values(new(1)))
    session.execute(insert(Place).returning(Place.id), [new(2)])
    session.commit()
    entries = session.scalars(select(Entry).order_by(Entry.number)).all()
    keys = session.scalars(select(Place.id).order_by(Place.code)).all()
    assert [each.record_id for each in entries] == [str(key) for key in keys]
    assert [each.record_name for each in entries] == ["某地1", "某地2"]


def test_what_was_there_already_is_not_told(session, told):
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Place).on_conflict_do_nothing(index_elements=["code"])
    made = [session.scalar(statement.values(new(1)).returning(Place.id)) for _ in range(2)]
    session.commit()
    assert made[0] is not None
    assert made[1] is None
    assert [act for act, _kind, _changes in told()] == ["create"]


def test_many_rows_are_told_by_number_and_digest(session, told):
    session.execute(insert(Place), [new(number) for number in range(MANY + 1)])
    session.commit()
    entry = session.scalars(select(Entry)).one()
    assert (entry.act, entry.kind, entry.changes) == (Act.CREATE, "places", "{}")
    note = json.loads(entry.note)
    assert note["count"] == MANY + 1
    assert len(note["digest"]) == 64
    session.execute(update(Place).values(note="同"))
    session.commit()
    session.execute(delete(Place))
    session.commit()
    noted = [json.loads(note) for note in session.scalars(select(Entry.note).order_by(Entry.number))]
    assert [note["count"] for note in noted] == [MANY + 1] * 3
    assert noted[1]["set"] == {"note": "同"}


def test_many_rows_of_the_session_are_told_by_number_too(session, told):
    session.add_all([place(number) for number in range(MANY + 1)])
    session.commit()
    [note] = session.scalars(select(Entry.note))
    assert json.loads(note)["count"] == MANY + 1


def test_what_is_personal_is_hidden(session, told):
    home = place()
    session.add(home)
    session.flush()
    row = Organisation(
        name="某局", kind=OrganisationKind.DEPARTMENT, email="someone@example.org", place_id=home.id
    )
    session.add(row)
    session.commit()
    row.email = "another@example.org"
    row.name = "某局（联系人13812345678）"
    session.commit()
    session.execute(update(Organisation).where(Organisation.id == row.id).values(email="third@example.org"))
    session.commit()
    assert told()[2:] == [
        ("change", "organisations", {"email": [MASK, MASK], "name": ["某局", f"某局（联系人{MASK}）"]}),
        ("change", "organisations", {"email": [MASK, MASK]}),
    ]


def test_what_is_left_out_writes_nothing(session, told):
    session.execute(text("SELECT 1"))
    session.commit()
    assert told() == []
    assert session.scalar(select(ChainHead.number)) is None


def test_entries_of_a_transaction_hang_together(session):
    session.add_all([place(1), place(2)])
    session.commit()
    session.add(place(3))
    session.commit()
    entries = session.scalars(select(Entry).order_by(Entry.number)).all()
    first = entries[0].number
    assert [each.together for each in entries] == [first, first, first + 2]
    assert verify().fault is None


def test_what_is_left_out_exists():
    tables = Base.metadata.tables
    assert set(LEFT_OUT) <= set(tables)
    assert [name for name in PARTS if PARTS[name] - set(tables[name].columns.keys())] == []


def test_no_secret_is_told():
    bare = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        if table.name not in LEFT_OUT
        for column in table.columns
        if any(word in column.name for word in ("password", "secret", "token", "totp")) and not masked(column)
    ]
    assert bare == []


def test_what_a_change_costs(session):
    """Three statements a transaction, whatever it touches; a statement on a set one more."""
    session.add_all([place(1), place(2)])
    session.commit()
    said = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement))
    session.add_all([place(3), place(4), place(5)])
    session.commit()
    assert [each.split()[1] for each in said if "audit" in each] == ["audit_head", "INTO", "audit_head"]
    said.clear()
    session.execute(update(Place).where(Place.code == "990001").values(name="某"))
    session.commit()
    assert len([each for each in said if "audit" in each]) == 3
    assert len([each for each in said if "places" in each]) == 2
