"""The rows in a table that Datasette publishes, with the same four facets and a hundred rows a page."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from peers.standing import PORT, environment, serving

PINNED = ("datasette==0.65.5",)
FACETS = "_facet=department&_facet=type&_facet=mode&_facet=status"
SETTINGS = {
    "default_page_size": 100,
    "default_facet_size": 50,
    "facet_time_limit_ms": 10_000,
    "sql_time_limit_ms": 10_000,
    "suggest_facets": "off",
}
"""As many rows as ours on a page, every department counted, and no time lost on what is not shown."""


class Datasette:
    """One table, a row for each matter; what holds at its places stands in a column of its own for each."""

    name = f"Datasette {PINNED[0].rpartition('=')[2]}"

    def __init__(self, source: Path, folder: Path) -> None:
        self._programs = environment("datasette", PINNED)
        self._folder = folder
        self._file = folder / "matters.db"
        _write(source, self._file)

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port of its own server, one process."""
        command = [self._programs / "datasette", "serve", self._file.name, "-p", PORT]
        for setting, value in SETTINGS.items():
            command += ["--setting", setting, str(value)]
        with serving(command, {}, self._folder) as port:
            yield port

    def address(self, place: str, kind: str) -> str:
        """The page of the table; at a place and of a type if they are named."""
        narrowed = f"&p{place}__not=undelegated&type={kind}" if place else ""
        return f"/matters/matters?{FACETS}{narrowed}"


def _write(source: Path, target: Path) -> None:
    """The published rows of our database in one table."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as table:
        codes = dict(
            ours.execute(
                "SELECT id, code FROM places WHERE id IN"
                " (SELECT place_id FROM answers WHERE published_matter_id = 1)"
            )
        )
        columns = ["seq", "name", "code", "department", "type", "mode", "status"]
        columns += [f"p{code}" for code in codes.values()]
        table.execute(f"CREATE TABLE matters (id INTEGER PRIMARY KEY, {', '.join(columns)})")
        given: dict[int, dict[int, str]] = {}
        for matter, place, mode in ours.execute("SELECT published_matter_id, place_id, mode FROM answers"):
            given.setdefault(matter, {})[place] = mode
        rows = ours.execute(
            "SELECT id, seq, name, code, department, type, mode, status FROM published_matters"
        )
        marks = ", ".join("?" * (len(columns) + 1))
        table.executemany(
            f"INSERT INTO matters VALUES ({marks})",  # noqa: S608  question marks
            (
                (*row[:7], json.loads(row[7])["state"], *(given[row[0]].get(place) for place in codes))
                for row in rows
            ),
        )
        for column in ("department", "type", "mode", "status"):
            table.execute(f"CREATE INDEX by_{column} ON matters ({column})")
        table.commit()
