"""The first page of search results at 10,000 and at 1,000,000 rows, on both databases.

Run: .venv/bin/python bench/search.py [ROWS]
The rows are made from real names and published in one list of one place; three of them alone hold a word that is
nowhere else. PostgreSQL gets the index that was made for SQLite by COPY, since making it takes minutes. Pages are
asked of the application itself, in this process, with no page cache and no copy at the reader. The two sizes take
turns; the table gives the medians and goes to bench/results/search.md. The limit is 1.5 times the smaller's time, for
queries that fill as much of a page in both: fifty rows take longer to show than nine, whatever found them.
Everything is made anew in a folder that goes again.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
from list_page import commit, fresh, postgres  # noqa: E402
from long_list import load  # noqa: E402
from sqlalchemy import text  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from portal.app import create_app  # noqa: E402
from portal.config import Settings  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.search.models import VECTOR  # noqa: E402

SMALL = 10_000
LARGE = 1_000_000
ROUNDS = 7
REQUESTS = 5
"""Requests of each query in a round, one after another; their median is the round's."""
LIMIT = 1.5
RARE = "飞船发射许可"
QUERIES = {
    "a common character": "备",
    "a common word": "备案",
    "a longer common word": "登记备案",
    "common in pinyin": "beian",
    "common initials": "ba",
    "two common words": "备案 登记",
    "a department": "区卫健局",
    "a rare word": "飞船",
    "rare in pinyin": "feichuanfashe",
    "rare initials": "fcfsxk",
    "a rare word with a common one": "许可 飞船",
    "one wrong letter": "feichuanfeshe",
    "a code": "511A0138000000",
    "an absent word": "龙宫",
    "an absent word of common parts": "登记许可备案",
    "absent in pinyin": "longgongkaifang",
}
TABLES = ("search_scopes", "search_rows", "search_blocks", "search_sounds")
FETCHED = 2000


class Sized:
    """An application over a list of so many rows; with `source` the index of an SQLite file is taken over."""

    def __init__(self, address: str, folder: Path, rows: int, source: Path | None = None) -> None:
        settings = Settings(
            environment="test", testing=True, database_url=address, data_dir=folder, page_cache=0
        )
        self.app = create_app(settings)
        begun = time.perf_counter()
        with self.app.app_context():
            flask_migrate.upgrade()
            rare = {max(1, rows * part // 4): f"{RARE}（{part}类）" for part in (1, 2, 3)}
            load(rows, reach=1, names=rare, index=source is None)
            if source:
                take_over(source)
            db.session.remove()
        print(f"  {rows:,} rows written in {time.perf_counter() - begun:.0f} s", flush=True)

    def close(self) -> None:
        """Let the database go."""
        with self.app.app_context():
            db.engine.dispose()

    def seconds(self, query: str) -> float:
        """The median of some requests, one after another."""
        return statistics.median(self._once(query) for _ in range(REQUESTS))

    def hits(self, query: str) -> int:
        """How many rows the first page has."""
        return self._page(query).count(b"row--hit")

    def _once(self, query: str) -> float:
        begun = time.perf_counter()
        self._page(query)
        return time.perf_counter() - begun

    def _page(self, query: str) -> bytes:
        environ = EnvironBuilder(path="/search", query_string={"q": query}).get_environ()
        answered: list[str] = []
        body = b"".join(self.app(environ, lambda status, _headers, _error=None: answered.append(status)))
        if answered != ["200 OK"]:
            raise SystemExit(f"{query}: {answered}")
        return body


def take_over(source: Path) -> None:
    """Put the index of an SQLite file into the empty tables of PostgreSQL, and index its tokens afterwards."""
    connection = db.session.connection()
    connection.execute(text("DROP INDEX ix_search_rows_tokens"))
    raw = connection.connection.cursor()
    with sqlite3.connect(source) as file:
        for table in TABLES:
            rows = file.execute(f"SELECT * FROM {table}")  # noqa: S608  names of ours
            columns = ", ".join(column[0] for column in rows.description)
            with raw.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                while batch := rows.fetchmany(FETCHED):
                    for row in batch:
                        copy.write_row(row)
    file.close()
    connection.execute(text("SET LOCAL maintenance_work_mem = '1GB'"))
    connection.execute(text(f"CREATE INDEX ix_search_rows_tokens ON search_rows USING gin ({VECTOR})"))
    connection.execute(text("ALTER INDEX ix_search_rows_tokens ALTER COLUMN 1 SET STATISTICS 0"))
    connection.execute(text("ANALYZE search_rows, search_blocks"))
    db.session.commit()


def measure(sizes: tuple[int, int], folder: Path) -> dict[str, list[tuple[str, list[int], float, float]]]:
    """By database, for every query: the hits on both first pages and the median milliseconds at both sizes."""
    found = {}
    with ExitStack() as stack:
        files = [folder / f"{rows}.db" for rows in sizes]
        print("SQLite", flush=True)
        lists = [Sized(f"sqlite:///{file}", folder, rows) for file, rows in zip(files, sizes, strict=True)]
        found["SQLite"] = compare(lists)
        print("PostgreSQL", flush=True)
        server = stack.enter_context(postgres(folder))
        lists = [
            Sized(fresh(server, f"search{rows}"), folder, rows, file)
            for file, rows in zip(files, sizes, strict=True)
        ]
        found["PostgreSQL"] = compare(lists)
        for each in lists:
            each.close()
    return found


def compare(lists: list[Sized]) -> list[tuple[str, list[int], float, float]]:
    """Both sizes in turn."""
    found = []
    for name, query in QUERIES.items():
        for each in lists:
            each.seconds(query)
        rounds = [[each.seconds(query) for each in lists] for _ in range(ROUNDS)]
        small, large = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
        found.append((name, [each.hits(query) for each in lists], small, large))
        print(f"  {name}: {small:.1f} ms, {large:.1f} ms", flush=True)
    return found


def main() -> None:
    """Measure both databases, print the table, write it to bench/results, fail when the limit is broken."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    try:
        found = measure((SMALL, rows), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = [
        "# Search: the first page of results",
        "",
        f"{SMALL:,} rows beside {rows:,} in one list, 50 hits a page, no page cache.",
        f"Milliseconds in one process, medians of {ROUNDS} rounds of {REQUESTS} requests, the sizes in turn.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/search.py`.",
        "",
    ]
    worst = 0.0
    for kind, table in found.items():
        lines += [
            f"| {kind} | hits | {SMALL:,} | {rows:,} | × (limit {LIMIT}) |",
            "|---|---:|---:|---:|---:|",
        ]
        for name, hits, small, large in table:
            shown = " / ".join(map(str, dict.fromkeys(hits)))
            lines.append(
                f"| {name} ({QUERIES[name]}) | {shown} | {small:.1f} | {large:.1f} | {large / small:.2f} |"
            )
            worst = max(worst, large / small if len(set(hits)) == 1 else 0)
        lines.append("")
    text_ = "\n".join(lines)
    print(text_)
    (HERE / "results" / "search.md").write_text(text_, encoding="utf-8")
    if worst > LIMIT:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
