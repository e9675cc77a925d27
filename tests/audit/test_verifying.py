"""Whatever was done to the record is found: edited, deleted in the middle, cut at the end, written anew."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.db import db
from portal.foundation.audit import anchoring, service
from portal.foundation.audit.anchoring import RecordBroken
from portal.foundation.audit.models import ChainHead, Entry, content
from portal.foundation.audit.rules import Act, Anchor, chained
from portal.foundation.audit.verifying import Fault, follow, verify
from tests.audit.conftest import loose, place

COUNT = 6


@pytest.fixture
def entries(session):
    """Six entries; gives their numbers."""
    for number in range(COUNT):
        session.add(place(number))
        session.commit()
    return list(session.scalars(select(Entry.number).order_by(Entry.number)))


def fault(anchors=()):
    db.session.expire_all()
    verdict = verify(anchors)
    return verdict.fault, verdict.number


def head():
    return Anchor(*db.session.execute(select(ChainHead.number, ChainHead.hash)).one())


def rewrite(after, upto=None):
    """Give every entry after a number the hash that fits, and the head with them, as a forger would."""
    connection = db.session.connection()
    previous = db.session.scalar(select(Entry.hash).where(Entry.number == after)) or "0" * 64
    columns = select(*Entry.__table__.columns).where(Entry.number > after).order_by(Entry.number)
    number = after
    for position, row in enumerate(connection.execute(columns).all(), after + 1):
        values = {**row._mapping, "number": position}
        values.pop("hash")
        previous = chained(previous, content(SimpleNamespace(**values)))
        statement = update(Entry).where(Entry.number == row.number)
        connection.execute(statement.values(hash=previous, number=position))
        number = position
    connection.execute(update(ChainHead).values(number=number, hash=previous))


def test_all_is_well(entries):
    verdict = verify([head()])
    assert (verdict.fault, verdict.entries, verdict.anchors, verdict.newest) == (None, COUNT, 1, head())


def test_an_empty_record_is_well(session):
    assert verify().fault is None
    assert verify().entries == 0


@pytest.mark.parametrize(
    "column", ["record_name", "actor", "actor_id", "at", "changes", "origin", "act", "together", "outcome"]
)
def test_an_edited_entry(session, entries, column):
    other = {
        "actor_id": 77,
        "at": select(Entry.at).where(Entry.number == entries[0]).scalar_subquery(),
        "together": 1,
    }
    other |= {"act": Act.DELETE, "outcome": "failed"}
    with loose(session):
        session.connection().execute(
            update(Entry.__table__).where(Entry.number == entries[3]).values({column: other.get(column, "x")})
        )
    assert fault() == (Fault.EDITED, entries[3])


def test_a_deletion_in_the_middle(session, entries):
    with loose(session):
        session.connection().execute(delete(Entry).where(Entry.number == entries[2]))
    assert fault() == (Fault.MISSING, entries[2])


def test_a_deletion_in_the_middle_with_new_numbers(session, entries):
    with loose(session):
        session.connection().execute(delete(Entry).where(Entry.number == entries[2]))
        session.connection().execute(
            update(Entry.__table__).where(Entry.number == entries[3]).values(number=entries[2])
        )
    assert fault() == (Fault.EDITED, entries[2])


def test_a_cut_tail(session, entries):
    kept = head()
    with loose(session):
        session.connection().execute(delete(Entry).where(Entry.number > entries[3]))
    assert fault() == (Fault.CUT, entries[4])
    with loose(session):
        rewrite(entries[2])
    assert fault() == (None, 0)
    assert fault([kept]) == (Fault.CUT, entries[4])


def test_everything_gone(session, entries):
    kept = head()
    with loose(session):
        session.connection().execute(delete(Entry))
        session.connection().execute(delete(ChainHead))
    assert fault([kept])[0] is Fault.CUT


def test_a_rewritten_chain(session, entries):
    early = Anchor(entries[1], session.scalar(select(Entry.hash).where(Entry.number == entries[1])))
    late = head()
    with loose(session):
        session.connection().execute(
            update(Entry.__table__).where(Entry.number == entries[3]).values(actor="别人")
        )
        rewrite(entries[2])
    assert fault() == (None, 0)
    assert fault([early]) == (None, 0)
    assert fault([early, late]) == (Fault.REWRITTEN, entries[2])


def test_a_head_that_was_changed(session, entries):
    with loose(session):
        session.connection().execute(update(ChainHead).values(hash="f" * 64))
    assert fault() == (Fault.HEAD, entries[-1])


def test_what_was_anchored_before_is_not_read_again(session, entries):
    last = head()
    service.record(Act.EXPORT, name="某表")
    session.commit()
    verdict = follow(last)
    assert (verdict.fault, verdict.entries) == (None, 1)
    with loose(session):
        session.connection().execute(
            update(Entry.__table__).where(Entry.number == last.number).values(hash="e" * 64)
        )
    assert follow(last).fault is Fault.REWRITTEN


def test_the_head_is_anchored_once(session, entries, anchors):
    assert anchoring.anchor() == head()
    assert anchoring.anchor() is None
    kept = anchoring.read(anchors)
    assert kept.anchors == (head(),)
    anchors.write_text(anchors.read_text() + "nonsense\n")
    assert anchoring.read(anchors).unreadable == 1


def test_a_broken_record_is_not_anchored(session, entries, anchors):
    anchoring.anchor()
    session.add(place(99))
    session.commit()
    with loose(session):
        session.connection().execute(delete(Entry).where(Entry.number > entries[-2]))
        rewrite(entries[-3])
    with pytest.raises(RecordBroken):
        anchoring.anchor()
    assert len(anchoring.read(anchors).anchors) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_entries",
        "UPDATE audit_head SET number = 0",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_refuses(session, entries, statement):
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text(statement))
    assert fault() == (None, 0)
