"""Real processes at one entry: ten schedulers and workers, and it is done as often as its cadence says."""

from __future__ import annotations

import subprocess
import sys

import pytest

from portal.config import ROOT
from portal.db import db
from portal.foundation.schedule import queries, service
from portal.foundation.schedule.rules import Daily
from tests.publishing.test_races import at_once

ROUNDS = 20
HAMMER = """
import sys
from pathlib import Path
from portal.app import create_app
from portal.config import Settings
from portal.db import db
from portal.foundation.schedule import queries, service

app = create_app(Settings(environment="test", testing=True, database_url=sys.argv[1], data_dir=Path(sys.argv[2])))
with app.app_context():
    for line in sys.stdin:
        taken = []
        for entry in queries.entries():
            rung = service.call_for(entry)
            db.session.commit()
            turn = service.take(entry.id)
            db.session.commit()
            taken.append(f"{int(rung)}{int(turn is not None)}")
        db.session.rollback()
        print(*taken, flush=True)
"""


class Planned:
    label, cadence = "某事", Daily(9)

    def __init__(self, name):
        self.name = name


@pytest.fixture
def entries(live):
    service.bring_up([Planned(f"e{number}") for number in range(3)])
    db.session.commit()
    return [entry.id for entry in queries.entries()]


def test_of_many_threads_one_takes_an_entry(live, entries):
    service.hasten(["e0"])
    found = at_once(live, *[lambda: service.take(entries[0])] * 8)
    assert sum(turn is not None for turn in found) == 1


@pytest.mark.slow
def test_of_two_processes_one_rings_and_one_takes(live, settings, entries, tmp_path):
    command = [sys.executable, "-c", HAMMER, settings.database_url, tmp_path / "x"]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for turn in range(1, ROUNDS + 1):
            service.hasten(["e0", "e1", "e2"])
            for entry in queries.entries():
                entry.rung_at = None
            db.session.commit()
            for child in children:
                child.stdin.write("go\n")
                child.stdin.flush()
            told = [child.stdout.readline().split() for child in children]
            assert [len(words) for words in told] == [len(entries)] * 2
            for each in zip(*told, strict=True):
                assert sum(int(word[0]) for word in each) <= 1
                assert sum(int(word[1]) for word in each) == 1
            for entry_id in entries:
                service.end(service.Turn(entry_id, turn))
            db.session.commit()
    finally:
        for child in children:
            child.stdin.close()
            child.wait(20)
            child.stdout.close()
    assert [entry.turn for entry in queries.entries()] == [ROUNDS] * 3
