"""The answers of a list as CSV: ours against a bare cursor and csv.writer, at a million answers, on both databases.

Run: .venv/bin/python bench/export.py
The two sides write the same rows to a file and take turns; the table gives the medians and goes to
bench/results/export.md. Ours must be at least half as fast, and take no more
memory for a million answers than for a tenth of them. For a number of answers of your own: bench/export.py 100000.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from datasets import KINDS, Dataset, application, databases  # noqa: E402
from sqlalchemy import select  # noqa: E402

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
    with databases() as made:
        for kind in KINDS:
            print(kind, flush=True)
            large, small = (made.address(kind, Dataset(size)) for size in (count, count // 10))
            slow, fast, rows = measure(large, made.folder)
            peak, base = memory(large, made.folder), memory(small, made.folder)
            over = over or fast > SLOWEST * slow or peak > base + MORE_MB
            lines.append(
                f"| {kind} | {rows:,} | {slow:.2f} | {fast:.2f} | {slow / fast:.2f} | {base} | {peak} |"
            )
            print(lines[-1], flush=True)
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
