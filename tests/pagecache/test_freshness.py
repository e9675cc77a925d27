"""How long an epoch lasts: versions told by any process, midnight in China, and what the database says."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from portal.clock import HOME
from portal.pagecache import freshness
from portal.pagecache.freshness import Freshness
from portal.pagecache.stamp import SIZE, Stamp, stamp_path, version_of

LIMIT = 1000


class Database:
    """What the database would say when it is asked."""

    def __init__(self):
        self.version, self.asked, self.away = 1, 0, False

    def __call__(self):
        self.asked += 1
        if self.away:
            raise OperationalError("SELECT", {}, Exception("away"))
        return self.version


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def path(tmp_path):
    return stamp_path(tmp_path, "sqlite:///remit.db")


@pytest.fixture
def monotonic(monkeypatch):
    """A clock for the pauses between questions, moved by hand."""

    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(freshness, "monotonic", clock)
    return clock


def test_every_process_sees_what_one_is_told(path):
    one, other = Stamp(path), Stamp(path)
    before = other.mark()
    one.tell(7)
    assert other.mark() != before
    assert version_of(other.mark()) == 7
    told = one.mark()
    other.tell(7)
    assert one.mark() == told
    assert path.stat().st_size == SIZE


def test_a_version_that_comes_back_has_another_mark(path):
    stamp = Stamp(path)
    seen = []
    for version in (5, 6, 5, 6):
        stamp.tell(version)
        seen.append(stamp.mark())
    assert len(set(seen)) == 4


def test_two_databases_do_not_share_a_stamp(tmp_path):
    assert stamp_path(tmp_path, "sqlite:///a.db") != stamp_path(tmp_path, "sqlite:///b.db")


def test_an_epoch_lasts_until_another_version_is_told(path, database, monotonic):
    fresh = Freshness(Stamp(path), database, LIMIT)
    first = fresh.epoch()
    assert fresh.epoch() is first
    assert first.version == 1
    database.version = 2
    Stamp(path).tell(2)
    second = fresh.epoch()
    assert second.version == 2
    assert second.shelf is not first.shelf
    assert database.asked == 1


def test_the_database_is_asked_again_after_a_while_and_not_before(path, database, monotonic):
    fresh = Freshness(Stamp(path), database, LIMIT)
    first = fresh.epoch()
    database.version = 2
    monotonic.now += freshness.PERIOD
    assert fresh.epoch() is first
    monotonic.now += 0.01
    assert fresh.epoch().version == 2
    assert freshness.PERIOD < freshness.LATEST < 1


def test_a_database_that_is_away_leaves_what_is_known(path, database, monotonic):
    fresh = Freshness(Stamp(path), database, LIMIT)
    first = fresh.epoch()
    database.away = True
    monotonic.now += 5
    assert fresh.epoch() is first
    database.away, database.version = False, 2
    monotonic.now += 5
    assert fresh.epoch().version == 2


def test_a_page_is_kept_only_if_made_from_the_version_of_its_epoch(path, database, monotonic):
    stamp = Stamp(path)
    fresh = Freshness(stamp, database, LIMIT)
    epoch = fresh.epoch()
    assert fresh.lasts(epoch, 1)
    assert not fresh.lasts(epoch, 2)
    assert not fresh.lasts(epoch, None)
    stamp.tell(2)
    assert not fresh.lasts(epoch, 1)
    stamp.tell(1)
    assert not fresh.lasts(epoch, 1)


@pytest.mark.parametrize(
    ("day", "other"),
    [("2031-04-30T23:59:59", "2031-05-01T00:00:00"), ("2031-05-01T00:00:00", "2031-04-30T23:59:59")],
    ids=["midnight", "a clock set back"],
)
def test_an_epoch_ends_at_midnight_in_china(path, database, day, other):
    with time_machine.travel(datetime.fromisoformat(day).replace(tzinfo=HOME), tick=False):
        fresh = Freshness(Stamp(path), database, LIMIT)
        first = fresh.epoch()
        assert fresh.epoch() is first
        assert fresh.lasts(first, 1)
    with time_machine.travel(datetime.fromisoformat(other).replace(tzinfo=HOME), tick=False):
        assert not fresh.lasts(first, 1)
        assert fresh.epoch() is not first


def holds(fresh, seconds):
    """Whether the present needs no look at that moment, as the cache asks."""
    begun, until, nonce, _take = fresh.present
    return begun <= seconds < until and fresh.told[1] == nonce


def test_the_present_needs_no_look_until_the_database_is_to_be_asked(path, database, monotonic):
    fresh = Freshness(Stamp(path), database, LIMIT)
    with time_machine.travel(1_900_000_000, tick=False):
        assert not holds(fresh, 1_900_000_000)
        epoch = fresh.epoch()
        assert fresh.present[3] == epoch.shelf.take
        assert holds(fresh, 1_900_000_000)
        assert holds(fresh, 1_900_000_000 + freshness.PERIOD - 0.01)
        assert not holds(fresh, 1_900_000_000 + freshness.PERIOD + 0.01)
        assert not holds(fresh, 1_899_999_999)
        monotonic.now += freshness.PERIOD
        fresh.epoch()
        # Nothing is left of the time: whoever comes next asks.
        assert not holds(fresh, 1_900_000_000)


def test_the_present_ends_at_midnight_and_with_every_version_told(path, database, monotonic):
    midnight = datetime(2031, 5, 1, tzinfo=HOME).timestamp()
    fresh = Freshness(Stamp(path), database, LIMIT)
    with time_machine.travel(midnight - 0.1, tick=False):
        fresh.epoch()
    assert holds(fresh, midnight - 0.05)
    assert not holds(fresh, midnight)
    Stamp(path).tell(2)
    assert not holds(fresh, midnight - 0.05)


def test_half_a_stamp_ends_the_present_and_keeps_nothing(path, database, monotonic):
    stamp, writer = Stamp(path), Stamp(path)
    fresh = Freshness(stamp, database, LIMIT)
    fresh.epoch()
    version, nonce = writer.numbers
    writer.numbers[1] = nonce ^ 1
    torn = fresh.epoch()
    writer.numbers[0] = version ^ 1 << 56
    # The nonce is the same, so the present goes on; what is made in it is given out and not kept.
    assert holds(fresh, fresh.present[0])
    assert not fresh.lasts(torn, torn.version)
    assert fresh.epoch() is not torn
