"""Lists and forms of the staff door over a few rows and over fifty thousand of every kind.

Run: .venv/bin/python bench/staff_lists.py. The same pages for the same people, on both databases, with fifty copies of
every kind of record (tests/fixtures/crowd.py) and then with fifty thousand; lists that narrow by a place once so.
Writes bench/results/staff_lists.md and fails when a list asks the database more than 25 times, a form more than 15
times, or either more often than before.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import flask_migrate  # noqa: E402
from datasets import KINDS  # noqa: E402
from deadlines import addresses  # noqa: E402
from flask import Flask  # noqa: E402
from sqlalchemy import event, text  # noqa: E402

from portal.config import Settings  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.rights.rules import Role  # noqa: E402
from portal.foundation.signins.passwords.service import set_password  # noqa: E402
from tests.fixtures.crowd import multiply  # noqa: E402
from tests.rights.land import make_land  # noqa: E402
from wsgi import compose  # noqa: E402

SMALL, LARGE, ROUNDS = 50, 50_000, 5
LIST, FORM = 25, 15
PASSWORD = "only for measuring"  # noqa: S105  a database that is thrown away
PAGES = (
    "matters", "delegations", "policies", "proposals", "imports", "duties", "points", "choices", "towns",
    "organisations", "places", "accounts", "handing-on", "deadlines", "tasks", "inbox", "receipts", "deliveries",
    "runs", "record", "uptakes", "reviews", "handovers",
)  # fmt: skip
ROLES = (Role.EDITOR, Role.ADMINISTRATOR, Role.COUNTY_OFFICER)
PLACE = "泰安市（370900）"
"""A city with counties and towns below it (tests/rights/land.py): lists are narrowed to all of them."""


@dataclass(frozen=True)
class Cost:
    """What one page costs: statements, and milliseconds of the median request."""

    statements: int
    milliseconds: float


def application(address: str, folder: Path) -> Flask:
    """The portal with its staff door on that database."""
    settings = Settings(
        environment="test",
        testing=True,
        database_url=address,
        data_dir=folder / "data",
        page_cache=0,
    )
    app = compose(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def visitors(app: Flask) -> list[Any]:
    """A browser for a person of each role; the two cities of the tests are made first."""
    with app.app_context():
        flask_migrate.upgrade()
        people = make_land().people
        logins = []
        for role in ROLES:
            set_password(None, people[role], PASSWORD)
            logins.append(people[role].login)
        db.session.commit()
    clients = []
    for login in logins:
        client = app.test_client()
        answer = client.post("/staff/sign-in/", data={"login": login, "password": PASSWORD})
        if answer.status_code != HTTPStatus.FOUND:
            raise SystemExit(f"{login} did not get in: {answer.status_code}")
        clients.append(client)
    return clients


def grow(app: Flask, count: int, number: int) -> None:
    """So many more of every kind."""
    with app.app_context():
        begun = time.perf_counter()
        multiply(count, number)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        print(f"  {count:,} of every kind in {time.perf_counter() - begun:.0f} s", flush=True)


def cost(app: Flask, client: Any, address: str) -> tuple[Cost, str] | None:
    """What the address costs and its page; None when the visitor may not see it."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    answer = client.get(address)
    if answer.status_code != HTTPStatus.OK:
        return None
    counted, taken = [], []
    event.listen(engine, "before_cursor_execute", note)
    for _round in range(ROUNDS):
        asked.clear()
        begun = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - begun) * 1000)
        counted.append(len(asked))
    event.remove(engine, "before_cursor_execute", note)
    # Once in a while a request also pushes the end of its session on, whatever page it is for.
    return Cost(min(counted), statistics.median(taken)), answer.text


def costs(app: Flask, clients: list[Any]) -> dict[str, Cost]:
    """Every list, and a form that it leads to, for the first of the people who may see it."""
    found: dict[str, Cost] = {}
    for key in PAGES:
        address = f"/staff/{key}/"
        for client in clients:
            listed = cost(app, client, address)
            if listed is None:
                continue
            found.setdefault(key, listed[0])
            narrowed = cost(app, client, f"{address}?place={PLACE}") if 'name="place"' in listed[1] else None
            if narrowed is not None:
                found.setdefault(f"{key}, of a city", narrowed[0])
            edit = re.search(rf"{address}edit/\?id=\d+", listed[1])
            form = cost(app, client, edit[0]) if edit else None
            if form is not None:
                found[f"{key}, form"] = form[0]
            break
    return found


def measure(kind: str, address: str, folder: Path) -> Iterator[tuple[str, Cost, Cost]]:
    """Name, cost with few rows and cost with many, of every page."""
    print(kind, flush=True)
    app = application(address, folder)
    clients = visitors(app)
    grow(app, SMALL, 0)
    small = costs(app, clients)
    grow(app, LARGE, SMALL)
    large = costs(app, clients)
    with app.app_context():
        db.engine.dispose()
    for name, few in small.items():
        yield name, few, large.get(name, Cost(0, 0.0))


def missed(name: str, few: Cost, many: Cost) -> bool:
    """Whether a page asks too much, asks more the more there is, or no longer answers."""
    most = FORM if name.endswith("form") else LIST
    return not 0 < many.statements <= min(most, max(few.statements, 1))


def commit() -> str:
    """The short name of the commit that is measured."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """Measure on both databases and write the table."""
    lines = [
        "# Lists of the staff door",
        "",
        f"With {SMALL} and with {LARGE:,} more records of every kind: the page as it opens, narrowed to a city, and",
        "a form it leads to.",
        f"Statements of one request; milliseconds in one process, medians of {ROUNDS} requests.",
        f"At most {LIST} statements a list, {FORM} a form, whatever there is.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/staff_lists.py`.",
        "",
    ]
    faults = []
    with addresses() as (folder, made):
        for kind in KINDS:
            lines += [
                f"| {kind} | statements, {SMALL} | {LARGE:,} | ms, {SMALL} | {LARGE:,} |",
                "|---|---:|---:|---:|---:|",
            ]
            for name, few, many in measure(kind, made[kind], folder / kind):
                times = f"{few.milliseconds:.0f} | {many.milliseconds:.0f}"
                lines.append(f"| {name} | {few.statements} | {many.statements} | {times} |")
                faults += [f"{kind}, {name}: {many.statements}"] if missed(name, few, many) else []
            lines.append("")
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "staff_lists.md").write_text(table, encoding="utf-8")
    if faults:
        raise SystemExit("too many statements: " + "; ".join(faults))


if __name__ == "__main__":
    main()
