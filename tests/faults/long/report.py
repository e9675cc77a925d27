"""docs/reliability.md: one row a scenario and database, each from the run that its row names."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from portal.config import ROOT
from tests.faults.long.field import Found

PAGE = ROOT / "docs/reliability.md"

HEAD = """# What notices survive

Written by `make test-faults`, never by hand; each row comes from the run that it names. Two workers, two schedulers, a
real queue server, database, mail receiver and webhook receiver, with the intervals and leases that ship. Every unit is
told every event by e-mail and by webhook while the trouble goes on.

*Lost* counts every row, inbox entry or message outward that is lacking, or is there twice and must be once; *repeated*
counts messages that came again with the same key, *unexplained* those of them that no further attempt in the
delivery's row accounts for. *Recovery* is the longest time from a kill, or from the end of the trouble, until what it
had struck was sent; *through* is the time from the end of the trouble until nothing was left. Both include working off
the backlog, on a machine as busy as its load says. Targets: 0 lost, 0 unexplained, recovery within 60 s on an idle
system.

| Scenario | Database | Notices | Kills | Lost | Repeated | Unexplained | Recovery, s | Through, s | Run |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|
"""


def write(name: str, database: str, found: Found, known: list[str]) -> None:
    """Put the row of a scenario into the page, in the order of the `known` scenarios; rows of others go."""
    rows = dict(_read())
    rows[name, database] = _row(name, database, found)
    order = sorted(
        (each for each in rows if each[0] in known), key=lambda each: (known.index(each[0]), each[1])
    )
    PAGE.write_text(HEAD + "".join(rows[each] + "\n" for each in order), "utf-8")


def _read() -> list[tuple[tuple[str, str], str]]:
    lines = PAGE.read_text("utf-8").splitlines() if PAGE.exists() else []
    rows = [line for line in lines if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [((cell[0], cell[1]), row) for cell, row in zip(cells, rows, strict=True)]


def _row(name: str, database: str, found: Found) -> str:
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {_load()}"
    run = f"{datetime.now(UTC):%Y-%m-%d}, {told.stdout.strip() or 'no commit'}; {machine}"
    cells = [
        name,
        database,
        f"{found.notices:,}",
        str(found.kills),
        str(found.lost),
        str(found.repeated),
        str(found.unexplained),
        f"{found.slowest:.0f}",
        f"{found.through:.0f}",
        run,
    ]
    return f"| {' | '.join(cells)} |"


def _load() -> str:
    return f"{os.getloadavg()[1]:.0f}" if Path("/proc/loadavg").exists() else "unknown"
