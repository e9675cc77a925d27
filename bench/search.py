"""The first page of search results at 10,000 and at 1,000,000 rows, on both databases.

Run: .venv/bin/python bench/search.py [ROWS]
The rows are made from real names and published in one list of one place; three of them alone hold a word that is
nowhere else. Pages are asked of the application itself, in this process, with no page cache and no copy at the reader.
The two sizes take turns; the table gives the medians and goes to bench/results/search.md. The limit is 1.5 times the
smaller's time, for queries that fill as much of a page in both: fifty rows take longer to show than nine, whatever
found them.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from datasets import KINDS, Databases, Dataset, application, databases  # noqa: E402
from list_page import commit  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from portal.db import db  # noqa: E402

SMALL = 10_000
LARGE = 1_000_000
ROUNDS = 7
REQUESTS = 3
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


def searched(rows: int) -> Dataset:
    """A list of so many rows in one place; what nothing of search reads is left out of it."""
    names = {max(1, rows * part // 4): f"{RARE}（{part}类）" for part in (1, 2, 3)}
    return Dataset(rows, reach=1, names=names, cube=False)


class Sized:
    """An application over a list of so many rows."""

    def __init__(self, address: str, folder: Path) -> None:
        self.app = application(address, folder)

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


def measure(kind: str, made: Databases, sizes: tuple[int, int]) -> list[tuple[str, list[int], float, float]]:
    """For every query: the hits on both first pages and the median milliseconds at both sizes."""
    print(kind, flush=True)
    found = []
    with ExitStack() as stack:
        lists = [Sized(made.address(kind, searched(rows)), made.folder) for rows in sizes]
        for each in lists:
            stack.callback(each.close)
        for name, query in QUERIES.items():
            hits = [each.hits(query) for each in lists]
            rounds = [in_turn(lists, number, query) for number in range(ROUNDS)]
            small, large = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
            found.append((name, hits, small, large))
            print(f"  {name}: {small:.1f} ms, {large:.1f} ms", flush=True)
    return found


def in_turn(lists: list[Sized], number: int, query: str) -> list[float]:
    """The seconds of each list; which one begins changes from round to round."""
    taken = {each: each.seconds(query) for each in (lists if number % 2 else reversed(lists))}
    return [taken[each] for each in lists]


def report(sizes: tuple[int, int], kind: str, found: list[tuple[str, list[int], float, float]]) -> list[str]:
    """The table of one database."""
    lines = [
        f"| {kind} | hits | {sizes[0]:,} | {sizes[1]:,} | × (limit {LIMIT}) |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, hits, small, large in found:
        shown = " / ".join(map(str, dict.fromkeys(hits)))
        lines.append(
            f"| {name} ({QUERIES[name]}) | {shown} | {small:.1f} | {large:.1f} | {large / small:.2f} |"
        )
    return [*lines, ""]


def main() -> None:
    """Measure both databases, print the table, write it to bench/results, fail when the limit is broken."""
    sizes = (SMALL, int(sys.argv[1]) if len(sys.argv) > 1 else LARGE)
    lines = [
        "# Search: the first page of results",
        "",
        f"{sizes[0]:,} rows beside {sizes[1]:,} in one list, 50 hits a page, no page cache.",
        f"Milliseconds in one process, medians of {ROUNDS} rounds of {REQUESTS} requests, the sizes in turn.",
        "Where the smaller list has fewer hits than a page, the limit does not hold: the pages are not alike.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/search.py`.",
        "",
    ]
    over = []
    with databases() as made:
        for kind in KINDS:
            found = measure(kind, made, sizes)
            lines += report(sizes, kind, found)
            over += [
                f"{name} on {kind}"
                for name, hits, small, large in found
                if len(set(hits)) == 1 and large > LIMIT * small
            ]
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "search.md").write_text(table, encoding="utf-8")
    if over:
        raise SystemExit(f"more than {LIMIT} times as long: {', '.join(over)}")


if __name__ == "__main__":
    main()
