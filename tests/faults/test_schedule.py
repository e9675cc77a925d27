"""The schedule with real processes: as often as its cadence says, whatever is killed, away or forgotten."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from portal.db import db
from portal.foundation.schedule import queries
from portal.foundation.schedule.rules import Outcome
from tests.faults.conftest import wait_for

pytestmark = pytest.mark.faults

CADENCE = 1.0  # seconds, as tests/faults/wsgi.py has it


@pytest.fixture
def ticks(works):
    """`ticks()` gives the turns of this test: (number, when it began)."""
    file = works.settings.data_dir / "ticks"
    # The tables were emptied before; whoever still is at a turn from then ends it for nobody.
    wait_for(lambda: queries.named("tick"))
    known = len(file.read_text().splitlines()) if file.exists() else 0

    def read():
        lines = file.read_text().splitlines()[known:] if file.exists() else []
        found = [(int(number), float(begun)) for number, begun in (line.split() for line in lines)]
        # The first may have been begun before the tables were emptied.
        return found[1:]

    yield read
    (works.settings.data_dir / "hold-tick").unlink(missing_ok=True)


def no_oftener_than_it_may(found):
    begins = [begun for _number, begun in found]
    numbers = [number for number, _begun in found]
    assert numbers == sorted(set(numbers))
    assert all(later - former >= CADENCE for former, later in pairwise(begins))


def test_two_of_everything_and_a_queue_server_that_goes_away_and_forgets(works, ticks):
    works.need(workers=2, schedulers=2)
    wait_for(lambda: len(ticks()) >= 2)
    works.queue_server.kill()
    time.sleep(3)
    works.queue_server.start()
    works.queue_server.client.flushall()
    before = len(ticks())
    wait_for(lambda: len(ticks()) >= before + 2)
    assert [len(works.alive(what)) for what in ("worker", "schedule")] == [2, 2]
    no_oftener_than_it_may(ticks())


def test_a_turn_cut_off_with_all_that_could_have_noticed_is_made_up_for(works, ticks):
    hold = works.settings.data_dir / "hold-tick"
    hold.touch()
    held = wait_for(lambda: entry if (entry := queries.named("tick")).hold_until else None)
    number = held.turn
    db.session.rollback()
    works.kill("schedule")
    works.kill("worker")
    hold.unlink()
    works.need()
    done = wait_for(lambda: entry if (entry := queries.named("tick")).turn > number + 1 else None)
    assert done.outcome is Outcome.DONE
