"""Our list page beside Wagtail's and Datasette's: the same rows, no page cache, one process each, on SQLite.

Run: .venv/bin/python bench/run.py peers. The three are asked in turn, without compression; the table gives the medians
of the rounds and goes to bench/results/peers.md. With a million answers ours must be ten times as fast as Wagtail's;
how it stands with few is told as well.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(BENCH.parent), str(BENCH)]

from datasets import Databases, Dataset, databases  # noqa: E402
from list_page import commit  # noqa: E402
from long_list import SLUG  # noqa: E402
from serve import ask_plain  # noqa: E402

from peers.datasette import Datasette  # noqa: E402
from peers.standing import PORT, serving  # noqa: E402
from peers.wagtail import Wagtail  # noqa: E402

SIZES = (10_000, 1_000_000)
LIMITED = 1_000_000
"""The size at which the limit holds."""
ROUNDS, SECONDS = 5, 3
TIMES = 10
PLACE, TYPE = "370811", "01"


class Ours:
    """The portal on the database itself, its page cache off."""

    name = "ours"

    def __init__(self, source: Path, folder: Path) -> None:
        self._env = {
            "DATABASE_URL": f"sqlite:///{source}",
            "REMIT_DATA_DIR": str(folder / "data"),
            "REMIT_ENV": "development",
            "REMIT_PAGE_CACHE": "0",
            "FLASK_SKIP_DOTENV": "1",
        }

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port of one process of granian."""
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
        granian += ["--port", PORT, "--blocking-threads", "4", "--log-level", "warning"]
        with serving([*granian, "wsgi:app"], self._env, BENCH.parent) as port:
            yield port

    def address(self, place: str, kind: str) -> str:
        """The page of the list; at a place and of a type if they are named."""
        return f"/lists/{SLUG}?at={place}&type={kind}" if place else f"/lists/{SLUG}"


def rate(port: int, path: str) -> float:
    """Requests a second of one reader who asks again as soon as there is an answer; at least one is waited for."""
    begun, answered = time.perf_counter(), 0
    while not answered or time.perf_counter() - begun < SECONDS:
        ask_plain(port, path)
        answered += 1
    return answered / (time.perf_counter() - begun)


def measure(made: Databases, answers: int) -> dict[str, dict[str, float]]:
    """By page and by project the median of requests a second."""
    source = Path(made.sqlite(Dataset(answers)).removeprefix("sqlite:///"))
    folder = made.folder / f"peers{answers}"
    folder.mkdir(exist_ok=True)
    sides = [kind(source, folder) for kind in (Ours, Wagtail, Datasette)]
    pages = {"first page": ("", ""), "at a place, one type": (PLACE, TYPE)}
    taken: dict[str, dict[str, list[float]]] = {page: {side.name: [] for side in sides} for page in pages}
    with ExitStack() as stack:
        ports = {side.name: stack.enter_context(side.served()) for side in sides}
        for page, choice in pages.items():
            for side in sides:
                check(side.name, ask_plain(ports[side.name], side.address(*choice)))
            for number in range(ROUNDS):
                for side in sides if number % 2 else reversed(sides):
                    taken[page][side.name].append(rate(ports[side.name], side.address(*choice)))
            print(f"  {answers:,} answers, {page}: {taken[page]}", flush=True)
    return {
        page: {name: statistics.median(rates) for name, rates in each.items()} for page, each in taken.items()
    }


def check(name: str, page: str) -> None:
    """Refuse a page that is not what it should be: a hundred rows of the list."""
    if "企业投资项目备案" not in page and "许可" not in page:
        raise SystemExit(f"{name} shows no rows:\n{page[:2000]}")


def main() -> None:
    """Measure, print the table, write it to bench/results, fail when the limit is broken."""
    lines = [
        "# The list page beside other projects",
        "",
        "Requests a second without any page cache, one process each, one reader who asks again and again on the",
        f"same machine, medians of {ROUNDS} rounds of {SECONDS} s, the sides in turn, SQLite; the same rows,",
        "100 a page, with counts beside departments, types, modes and status; Wagtail and ours count by place as well.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/peers`.",
        "",
        f"| answers, page | {Datasette.name} | {Wagtail.name} | ours | × Wagtail | at least |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    slow = []
    with databases() as made:
        for answers in SIZES:
            for page, rates in measure(made, answers).items():
                wagtail, ours = rates[Wagtail.name], rates[Ours.name]
                lines.append(
                    f"| {answers:,}, {page} | {rates[Datasette.name]:.2f} | {wagtail:.2f} | {ours:.2f}"
                    f" | {ours / wagtail:.1f} | {TIMES if answers == LIMITED else ''} |"
                )
                if answers == LIMITED and ours < TIMES * wagtail:
                    slow.append(f"{ours / wagtail:.1f} × ({page})")
    table = "\n".join([*lines, ""])
    print(table)
    (BENCH / "results" / "peers.md").write_text(table, encoding="utf-8")
    if slow:
        raise SystemExit(f"less than {TIMES} times Wagtail: {', '.join(slow)}")


if __name__ == "__main__":
    main()
