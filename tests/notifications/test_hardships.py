"""What must not hold up, lose or disguise a notice: odd notices, odd clocks, slow and greedy units, lost keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs import notifications as job
from jobs.notifications import deliver
from portal import clock
from portal.db import db
from portal.foundation.notifications import queries, sending, texts
from portal.foundation.notifications.channels.contract import Retry
from portal.foundation.notifications.rules import (
    ATTEMPTS,
    BATCH,
    FIRST_PAUSE,
    LEASE,
    Channel,
    DeliveryState,
    NoticeKind,
    Timing,
)
from portal.foundation.notifications.ways import service as ways
from portal.foundation.rights.rules import Role
from tests.notifications.beds import account, deliveries, organisation, tell
from tests.notifications.test_sending import sent, unit

__all__ = ["sent", "unit"]

DAY = timedelta(days=1)


def daily(unit):
    by = account(Role.COUNTY_OFFICER, unit)
    ways.set_wishes(unit, {(NoticeKind.PUBLICATION, Channel.WEBHOOK): Timing.DAILY}, by=by)
    ways.set_way(unit, Channel.EMAIL, by=by, address="", active=False)


def keys(sent):
    return [key for _channel, key, *_ in sent]


# Digests


def test_what_comes_too_late_for_its_digest_goes_out_with_the_next_one(unit, sent, frozen):
    daily(unit)
    tell(unit, key="in-time")
    (early,) = deliveries()
    digest, at = early.digest, early.next_at
    frozen.move_to(at)
    deliver()
    # Its transaction had begun before the digest left, and was committed after.
    tell(unit, key="late")
    late = deliveries()[1]
    late.digest, late.next_at = digest, at
    db.session.flush()
    deliver()
    assert keys(sent) == [digest]
    assert late.digest != digest
    frozen.move_to(late.next_at)
    deliver()
    assert keys(sent) == [digest, late.digest]
    assert {each.state for each in deliveries()} == {DeliveryState.SENT}


def test_a_digest_that_is_tried_again_says_what_it_said_before(unit, sent, frozen):
    daily(unit)
    for key in ("a", "b"):
        tell(unit, key=key)
    digest, at = deliveries()[0].digest, deliveries()[0].next_at
    frozen.move_to(at)
    _count, (parcel,) = sending.claim()
    tell(unit, key="late")
    late = deliveries()[-1]
    late.digest, late.next_at = digest, at
    db.session.flush()
    # The worker died; whether the message left nobody knows.
    frozen.shift(LEASE)
    _count, (again,) = sending.claim()
    assert (again.message.key, again.ids) == (parcel.message.key, parcel.ids)
    assert deliveries()[-1].state is DeliveryState.QUEUED


# Notices of which nothing can be made


@pytest.fixture
def poisoned(monkeypatch):
    """A notice with the event `bad` cannot be said."""
    whole = texts.said

    def said(notice, tongue=""):
        if notice.event == "bad":
            raise RuntimeError
        return whole(notice, tongue)

    monkeypatch.setattr(texts, "said", said)


def test_a_notice_that_cannot_be_said_stops_nobody_and_fails_visibly(unit, sent, frozen, poisoned):
    for key in ("a", "bad", "b"):
        tell(unit, key=key)
    deliver()
    assert len(sent) == 4
    bad = [each for each in deliveries() if each.notice.event == "bad"]
    assert {(each.state, each.error) for each in bad} == {(DeliveryState.QUEUED, sending.BROKEN)}
    for _ in range(ATTEMPTS):
        frozen.shift(timedelta(hours=2))
        deliver()
    assert {each.state for each in bad} == {DeliveryState.FAILED}


def test_the_rest_of_a_digest_goes_out(unit, sent, frozen, poisoned):
    daily(unit)
    for key in ("a", "bad", "b"):
        tell(unit, key=key)
    frozen.shift(DAY)
    deliver()
    assert len(sent) == 1
    assert [each.state for each in deliveries()] == [
        DeliveryState.SENT,
        DeliveryState.QUEUED,
        DeliveryState.SENT,
    ]


# Keys that were lost


@pytest.mark.parametrize("column", ["address", "secret"])
def test_what_no_key_fits_fails_visibly_and_nothing_goes_out_unsigned(unit, sent, column):
    tell(unit)
    raw = db.text(f"UPDATE notice_ways SET {column} = 'of-another-key'")
    db.session.execute(raw)
    db.session.expire_all()
    deliver()
    webhook = next(each for each in deliveries() if each.channel is Channel.WEBHOOK)
    assert (webhook.state, webhook.error) == (DeliveryState.FAILED, sending.UNREADABLE)
    assert [channel for channel, *_ in sent] == ["email"]


def test_what_is_told_while_the_key_is_lost_is_queued_all_the_same(unit, sent):
    db.session.execute(db.text("UPDATE notice_ways SET address = 'of-another-key'"))
    db.session.expire_all()
    tell(unit)
    assert Channel.WEBHOOK in {each.channel for each in deliveries()}


# Clocks


AHEAD = timedelta(hours=5)


def test_what_a_clock_ahead_put_off_does_not_wait_for_that_clock(unit, sent, frozen):
    tell(unit)
    frozen.shift(AHEAD)
    _count, parcels = sending.claim(without={"email"})
    for parcel in parcels:
        sending.settle(parcel, Retry(""))
    sending.rest("email", FIRST_PAUSE)
    frozen.shift(-AHEAD)
    deliver()
    assert {each.state for each in deliveries()} == {DeliveryState.SENT}


def test_a_hold_of_a_clock_ahead_is_nobodys(unit, sent, frozen):
    tell(unit)
    frozen.shift(AHEAD)
    sending.claim()
    frozen.shift(-AHEAD)
    deliver()
    assert {(each.state, each.attempts) for each in deliveries()} == {(DeliveryState.SENT, 2)}


def test_what_was_put_off_by_the_right_clock_waits(unit, sent, frozen):
    daily(unit)
    tell(unit)
    deliver()
    frozen.shift(timedelta(hours=1))
    assert sending.set_right(clock.now()) == 0
    deliver()
    assert sent == []


def test_a_digest_of_a_clock_ahead_is_gathered_anew(unit, sent, frozen):
    daily(unit)
    frozen.shift(timedelta(days=400))
    tell(unit)
    far = deliveries()[0].digest
    frozen.shift(-timedelta(days=400))
    deliver()
    (delivery,) = deliveries()
    assert delivery.digest != far
    assert delivery.next_at - clock.now() <= DAY
    assert sent == []


# Turns


def test_a_unit_with_more_than_is_looked_at_does_not_hide_the_others(unit, sent, frozen, monkeypatch):
    monkeypatch.setattr(queries, "LOOK_AHEAD", 2 * BATCH)
    others = [organisation(f"第 {number} 局", f"u{number}@example.cn") for number in range(3)]
    for number in range(3 * BATCH):
        tell(unit, key=f"k{number}")
    frozen.shift(timedelta(minutes=1))
    for other in others:
        tell(other, key="after")
    first = set(queries.due(clock.now(), limit=8))
    theirs = {each.id for each in deliveries() if each.organisation_id != unit.id}
    assert theirs <= first


def test_a_slow_lane_lets_the_others_have_their_turn(unit, sent, monkeypatch):
    monkeypatch.setattr(job, "LANES", 1)
    monkeypatch.setattr(job, "TURN", 0)
    for number in range(3):
        tell(unit, key=f"k{number}")
    assert deliver() > 0
    assert [channel for channel, *_ in sent[:2]] == ["email", "webhook"]
    assert sorted(keys(sent)) == sorted(each.key for each in deliveries())
    assert {(each.state, each.attempts) for each in deliveries()} == {(DeliveryState.SENT, 1)}
