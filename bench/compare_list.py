"""A clean workbook of 20,000 matters read, validated, kept and compared with its list, beside a bare reading.

Run: .venv/bin/python bench/compare_list.py [ROWS]
Our side is what a clerk waits for after handing a file in: the child process, every check of an annex, the rows
and questions kept in the database, the list named, and the comparison with a working copy of as many matters.
The bare side is one python-calamine read and SQLAlchemy Core inserts. Both take turns in one process on SQLite;
the table gives the medians, and goes to bench/results/compare_list.md. The limit is three times the bare side,
in under 300 MB.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from read_annex import bare, write_workbook  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.config import Settings  # noqa: E402
from portal.db import Base, db  # noqa: E402
from portal.foundation.accounts.models import Account, Post  # noqa: E402
from portal.foundation.imports import service as imports  # noqa: E402
from portal.foundation.organisations import service as organisations  # noqa: E402
from portal.foundation.places import queries as place_queries  # noqa: E402
from portal.foundation.places import service as places  # noqa: E402
from portal.foundation.policies import service as policies  # noqa: E402
from portal.foundation.rights.rules import Role  # noqa: E402
from portal.powers.lists import service as lists  # noqa: E402
from portal.powers.lists.intake import applying, settling  # noqa: E402
from portal.powers.lists.intake.reading import read_upload  # noqa: E402
from portal.powers.lists.models import PowerList  # noqa: E402

ROUNDS = 5
LIMIT = 3.0
LIMIT_MB = 300
DEPARTMENTS = 40
DATA = HERE.parent / "portal" / "data"


class Work:
    """Commits at each step, as a worker does."""

    def step(self, _done: int, _total: int) -> None:
        """Commit what was done so far."""
        db.session.commit()


def prepare() -> tuple[Account, PowerList]:
    """The shipped places, the workbook's departments, an editor and an empty list."""
    Base.metadata.create_all(db.engine)
    places.load(DATA)
    jining = place_queries.by_code("370800")
    scope = place_queries.group(jining, "all") if jining else None
    if jining is None or scope is None:
        raise SystemExit("the shipped places lack 济宁市 or its groups")
    for number in range(DEPARTMENTS):
        organisations.add(jining, f"市第{number}局", by=None)
    editor = Account(login="editor", name="甲", posts=[Post(role=Role.EDITOR)])
    db.session.add(editor)
    policy = policies.add(
        jining, number="济政字〔2026〕1号", title="通知", issuer="", issued_on=None, by=None
    )
    made = lists.found("bench", "清单", policy=policy, place=jining, scope=scope, by=editor)
    db.session.commit()
    return editor, made


def ours(path: Path, power_list: PowerList, editor: Account) -> tuple[float, applying.Preview]:
    """Seconds from the file's being handed in to its comparison, and the comparison."""
    upload = imports.receive(
        path, name=path.name, place=power_list.place, policy=power_list.policy, by=editor
    )
    db.session.commit()
    run = upload.run
    if run is None:
        raise SystemExit("no run was started")
    start = time.perf_counter()
    read_upload(run, Work())
    (table,) = upload.tables
    applying.aim(table, power_list, by=editor)
    settling.confirm_all(table, by=editor)
    found = applying.preview(table)
    db.session.commit()
    taken = time.perf_counter() - start
    if found.new:
        applying.apply(table, by=editor)
        db.session.commit()
    db.session.expunge_all()
    return taken, found


def measure(rows: int) -> tuple[float, float, int]:
    """Median seconds of the bare side and of ours, and how many matters were found the same."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "annex.xlsx"
        write_workbook(path, rows)
        settings = Settings(
            environment="test",
            testing=True,
            database_url=f"sqlite:///{folder / 'remit.db'}",
            data_dir=folder / "data",
        )
        with create_app(settings).app_context():
            keys = [each.id for each in prepare()]
            yardstick, taken, same = [], [], 0
            for number in range(ROUNDS + 1):
                editor = db.session.get_one(Account, keys[0])
                power_list = db.session.get_one(PowerList, keys[1])
                seconds, found = ours(path, power_list, editor)
                same = found.same
                if number:
                    taken.append(seconds)
                    yardstick.append(_timed(bare, path, folder))
            db.engine.dispose()
    return statistics.median(yardstick), statistics.median(taken), same


def _timed(side: Callable[[Path, Path], None], path: Path, folder: Path) -> float:
    start = time.perf_counter()
    side(path, folder)
    return time.perf_counter() - start


def memory(rows: int) -> int:
    """Peak MB of a fresh process that does all of this."""
    done = subprocess.run(
        [sys.executable, __file__, str(rows)],
        env={**os.environ, "MEASURE": "memory"},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.splitlines()[-1]) // 1024


def main() -> None:
    """Measure, print the table, write it to bench/results, fail when a limit is broken."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if os.environ.get("MEASURE") == "memory":
        measure(rows)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    yardstick, taken, same = measure(rows)
    if same != rows:
        raise SystemExit(f"{same} of {rows} matters were found the same")
    peak = memory(rows)
    table = "\n".join(
        [
            "# Comparing an annex with its list",
            "",
            f"{rows:,} rows of seven columns against as many matters, Python {platform.python_version()}, SQLite.",
            f"{ROUNDS} rounds, medians. Written by `bench/compare_list.py`.",
            "",
            "| | seconds | × bare | limit |",
            "|---|---:|---:|---:|",
            f"| calamine and Core inserts, bare | {yardstick:.2f} | 1.0 | |",
            f"| read, validated, kept, compared | {taken:.2f} | {taken / yardstick:.1f} | {LIMIT:.1f} |",
            "",
            "| peak memory | MB | limit |",
            "|---|---:|---:|",
            f"| comparing process (its reading child: see read_annex.md) | {peak} | {LIMIT_MB} |",
            "",
        ]
    )
    print(table)
    target = HERE / "results" / "compare_list.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(table, encoding="utf-8")
    if taken > LIMIT * yardstick or peak > LIMIT_MB:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
