"""What is older than six months may be taken away, and the rest still holds together."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from portal import clock
from portal.crypto import rotate
from portal.errors import Conflict, Refused
from portal.foundation.audit import pruning
from portal.foundation.audit.models import Entry, Stump
from portal.foundation.audit.rules import KEPT, Act
from portal.foundation.audit.verifying import Fault, follow, verify
from tests.audit.conftest import loose, place

LONG_AGO = KEPT + timedelta(days=30)


@pytest.fixture
def ages(session):
    """Three entries of seven months ago, two of today; gives the numbers of the latter."""
    with time_machine.travel(clock.now() - LONG_AGO):
        for number in range(3):
            session.add(place(number))
            session.commit()
    for number in (7, 8):
        session.add(place(number))
        session.commit()
    return list(session.scalars(select(Entry.number).order_by(Entry.number)))[3:]


def left(session):
    session.expire_all()
    return list(session.scalars(select(Entry.number).order_by(Entry.number)))


def test_what_is_old_goes_and_the_rest_holds(session, ages):
    before = verify().newest
    assert pruning.prune(clock.today() - KEPT) == 3
    session.commit()
    assert left(session) == [*ages, ages[-1] + 1]
    assert session.scalar(select(Entry.act).where(Entry.number == ages[-1] + 1)) is Act.PRUNE
    verdict = verify([before])
    assert (verdict.fault, verdict.entries, verdict.anchors) == (None, 3, 1)
    assert follow(before).fault is None


def test_what_is_young_stays(session, ages):
    with pytest.raises(Refused, match="六个月"):
        pruning.prune(clock.today() - KEPT + timedelta(days=1))
    assert pruning.prune(clock.today() - KEPT - timedelta(days=60)) == 0
    assert len(left(session)) == 5


def test_the_database_keeps_what_is_young_whatever_a_stump_says(session, ages):
    session.add(Stump(up_to=ages[-1], hash="0" * 64, count=5, at=clock.now(), seal="x"))
    session.commit()
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text("DELETE FROM audit_entries"))
    assert verify().fault is Fault.STUMP


def test_a_broken_record_is_not_pruned(session, ages):
    with loose(session):
        session.connection().execute(update(Entry.__table__).where(Entry.number == ages[0]).values(actor="x"))
    with pytest.raises(Conflict):
        pruning.prune(clock.today() - KEPT)


def test_pruning_again_needs_the_last_stump_alone(session, ages):
    assert pruning.prune(clock.today() - KEPT) == 3
    session.commit()
    with time_machine.travel(clock.now() + LONG_AGO):
        session.add(place(9))
        session.commit()
        with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
            # The moment is the database's own, which no clock of ours moves.
            pruning.prune(clock.today() - KEPT)
    assert verify().fault is None


def test_a_stump_that_was_changed(session, ages):
    pruning.prune(clock.today() - KEPT)
    session.commit()
    with loose(session):
        session.connection().execute(update(Stump.__table__).values(hash="f" * 64))
    session.expire_all()
    assert verify().fault is Fault.STUMP


def test_the_seal_is_written_anew_with_the_keys_and_nothing_else_is(session, ages):
    pruning.prune(clock.today() - KEPT)
    session.commit()
    assert rotate() >= 1
    session.commit()
    session.expire_all()
    assert verify().fault is None
    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text("UPDATE audit_stumps SET count = 0"))
