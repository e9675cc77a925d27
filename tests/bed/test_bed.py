"""The test bed itself: isolation holds, on both databases."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import func, select

from portal.db import db
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.fixtures.limits import EscapeError


def count():
    return db.session.scalar(select(func.count()).select_from(Place))


def shandong():
    return Place(code="370000", name="山东省", kind=PlaceKind.PROVINCE)


@pytest.mark.parametrize("turn", [1, 2])
def test_a_commit_is_gone_after_the_test(session, turn):
    assert count() == 0, turn
    session.add(shandong())
    session.commit()
    session.rollback()
    assert count() == 1


@pytest.mark.parametrize("turn", [1, 2])
def test_a_real_commit_is_gone_after_the_test(live, turn):
    assert count() == 0, turn
    db.session.add(shandong())
    db.session.commit()
    with db.engine.connect() as other:
        assert other.scalar(select(func.count()).select_from(Place)) == 1


def test_a_request_sees_the_test_and_the_test_the_request(app, client, session):
    place = shandong()
    session.add(place)
    seen = []

    def rename():
        found = db.session.scalars(select(Place)).one()
        seen.append((found.name, found is not place))
        found.name = "齐鲁"
        db.session.commit()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "before_request_funcs", {None: [rename]})
        client.get("/nowhere")
    assert seen == [("山东省", True)]
    assert place.name == "齐鲁"


def test_a_rolled_back_request_leaves_what_the_test_prepared(app, client, session):
    session.add(shandong())

    def fail():
        db.session.add(Place(code="1", name="甲", kind=PlaceKind.CITY))
        db.session.flush()
        db.session.rollback()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "before_request_funcs", {None: [fail]})
        client.get("/nowhere")
    assert count() == 1


def test_the_queue_server_keeps_its_data_over_a_kill(own_valkey):
    own_valkey.client.set("a", "1")
    own_valkey.kill()
    own_valkey.start()
    assert own_valkey.client.get("a") == b"1"


def test_nothing_leaves_this_machine():
    with socket.socket() as out, pytest.raises(EscapeError):
        out.connect(("192.0.2.1", 80))


def test_the_clock_stands(frozen):
    from portal import clock

    before = clock.now()
    assert clock.today().isoformat() == "2026-03-02"
    frozen.shift(24 * 3600)
    assert (clock.now() - before).days == 1
