"""The page of a list with its facets at 10,000 and at 1,000,000 published answers, on both databases.

Run: .venv/bin/python bench/list_page.py [ANSWERS]
Pages are asked of the application itself, in this process, with no page cache and no copy at the reader. The two sizes
take turns; the table gives the medians and goes to bench/results/list_page.md. The limit is 1.5 times the smaller
list's time.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from datasets import KINDS, Databases, Dataset, application, databases  # noqa: E402
from long_list import SLUG  # noqa: E402
from sqlalchemy import func, select  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from portal import clock  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.places.rules import PlaceKind  # noqa: E402
from portal.powers.lists.models import PublishedMatter  # noqa: E402
from portal.site import editions  # noqa: E402
from portal.site.finding.listing import PAGE  # noqa: E402

SMALL, LARGE = 10_000, 1_000_000
ROUNDS = 7
REQUESTS = 3
"""Requests of each address in a round, one after another; their median is the round's."""
LIMIT = 1.5
# Each shows a whole page of rows at both sizes; searching has a measurement of its own (search.py).
ADDRESSES = {
    "first page": "",
    "at a place": "at={place}",
    "at a place, one type, two modes": "at={place}&type=20&mode=direct&mode=review",
    "at a zone, two modes": "at={zone}&mode=undelegated&mode=window",
    "one type, sorted by name": "type=01&sort=name",
    "a late page": "page={last}",
}


class Sized:
    """An application over a list of one size."""

    def __init__(self, address: str, folder: Path) -> None:
        self.app = application(address, folder)
        with self.app.app_context():
            edition = editions.current(clock.today())[0]
            self.values = {
                "place": next(each.code for each in edition.places if each.kind == PlaceKind.COUNTY),
                "zone": next(each.code for each in edition.places if each.kind == PlaceKind.ZONE),
                "last": (db.session.scalar(select(func.count(PublishedMatter.id))) or 0) // PAGE,
            }

    def close(self) -> None:
        """Let the database go."""
        with self.app.app_context():
            db.engine.dispose()

    def seconds(self, query: str) -> float:
        """The median of some requests, one after another."""
        return statistics.median(self._once(query) for _ in range(REQUESTS))

    def _once(self, query: str) -> float:
        environ = EnvironBuilder(
            path=f"/lists/{SLUG}", query_string=query.format(**self.values)
        ).get_environ()
        answered: list[str] = []
        begun = time.perf_counter()
        body = b"".join(self.app(environ, lambda status, _headers, _error=None: answered.append(status)))
        taken = time.perf_counter() - begun
        if answered != ["200 OK"] or b"row__name" not in body:
            raise SystemExit(f"{query}: {answered}")
        return taken


def measure(kind: str, made: Databases, sizes: tuple[int, int]) -> list[tuple[str, float, float]]:
    """For every address the median milliseconds at both sizes."""
    print(kind, flush=True)
    with ExitStack() as stack:
        lists = [Sized(made.address(kind, Dataset(answers)), made.folder) for answers in sizes]
        for each in lists:
            stack.callback(each.close)
        found = []
        for name, query in ADDRESSES.items():
            for each in lists:
                each.seconds(query)
            rounds = [in_turn(lists, number, query) for number in range(ROUNDS)]
            small, large = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
            found.append((name, small, large))
            print(f"  {name}: {small:.1f} ms, {large:.1f} ms", flush=True)
        return found


def in_turn(lists: list[Sized], number: int, query: str) -> list[float]:
    """The seconds of each list; which one begins changes from round to round."""
    taken = {each: each.seconds(query) for each in (lists if number % 2 else reversed(lists))}
    return [taken[each] for each in lists]


def commit() -> str:
    """The commit that is measured, with a mark when files have been changed since."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True, cwd=HERE
    )
    return said.stdout.strip()


def main() -> None:
    """Measure both databases, print the table, write it to bench/results, fail when the limit is broken."""
    sizes = (SMALL, int(sys.argv[1]) if len(sys.argv) > 1 else LARGE)
    lines = [
        "# The page of a list with its facets",
        "",
        f"{sizes[0]:,} published answers beside {sizes[1]:,}, 14 places, 100 rows a page, no page cache.",
        f"Milliseconds in one process, medians of {ROUNDS} rounds of {REQUESTS} requests, the sizes in turn.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/list_page.py`.",
        "",
    ]
    worst = 0.0
    with databases() as made:
        for kind in KINDS:
            found = measure(kind, made, sizes)
            lines += [f"| {kind} | {sizes[0]:,} | {sizes[1]:,} | × | limit |", "|---|---:|---:|---:|---:|"]
            for name, small, large in found:
                lines.append(f"| {name} | {small:.1f} | {large:.1f} | {large / small:.2f} | {LIMIT:.1f} |")
                worst = max(worst, large / small)
            lines.append("")
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "list_page.md").write_text(table, encoding="utf-8")
    if worst > LIMIT:
        raise SystemExit(f"{worst:.2f} times as long is over the limit of {LIMIT}")


if __name__ == "__main__":
    main()
