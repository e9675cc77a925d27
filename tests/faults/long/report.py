"""docs/reliability.md: one row a scenario and database, each from the run that its row names."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from portal.config import ROOT
from tests.faults.long.field import Delays, Found

PAGE = ROOT / "docs/reliability.md"

HEAD = """# What notices survive

Written by `make test-faults`, never by hand; each row comes from the run that it names. Two workers, two schedulers, a
real queue server, database, mail receiver and webhook receiver, with the intervals and leases that ship. Every unit is
told every event by e-mail and by webhook while the trouble goes on.

*Lost* counts every row, inbox entry or message outward that is lacking, or is there twice and must be once; *repeated*
counts messages that came again with the same key, *unexplained* those of them that no further attempt in the
delivery's row accounts for. *Recovery* is the longest time from a kill, or from the end of the trouble, until what it
had struck was sent, or the next reminder written. A receiver that has failed is asked again after a pause that
grows: what waits for it counts from the moment at which it is due again. *Through* is the time from the end of the
trouble until nothing was left, those pauses included. Both include working off the backlog, on a machine as busy as
its load says. Targets: 0 lost, 0 unexplained, recovery within 60 s on an idle system.

| Scenario | Database | Notices | Kills | Lost | Repeated | Unexplained | Recovery, s | Through, s | Run |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|
"""

DELAYS = """
## Others beside a greedy unit

Every unit has its usual due within one minute, then the same again while one has seven times that. Seconds from the
moment at which a notice to the other units was due until it was sent: half of them waited less, none longer. What
was put off is looked for every fifteen seconds; beside a greedy unit the workers never get through, so that the others
wait less. Target: the one is hardly longer when the other comes.

| Scenario | Database | Half, usual | Half, beside | Longest, usual | Longest, beside |
|---|---|---:|---:|---:|---:|
"""


def write(name: str, database: str, found: Found, known: list[str]) -> None:
    """Put the row of a scenario into the page, in the order of the `known` scenarios; rows of others go."""
    whole, delays = (_read(part) for part in _parts())
    whole[name, database] = _row(name, database, found)
    if found.delays:
        delays[name, database] = _delays_row(name, database, *found.delays)
    page = HEAD + "".join(row + "\n" for row in _ordered(whole, known).values())
    if delays:
        page += DELAYS + "".join(row + "\n" for row in _ordered(delays, known).values())
    PAGE.write_text(page, "utf-8")


Rows = dict[tuple[str, str], str]


def _parts() -> tuple[str, str]:
    """The table of all scenarios and that of delays, as they stand there."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    whole, _, delays = text.partition("\n## ")
    return whole, delays


def _read(part: str) -> Rows:
    rows = [line for line in part.splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {(cell[0], cell[1]): row for cell, row in zip(cells, rows, strict=True)}


def _ordered(rows: Rows, known: list[str]) -> Rows:
    order = sorted(
        (each for each in rows if each[0] in known), key=lambda each: (known.index(each[0]), each[1])
    )
    return {each: rows[each] for each in order}


def _delays_row(name: str, database: str, usual: Delays, beside: Delays) -> str:
    figures = (usual.half, beside.half, usual.longest, beside.longest)
    return f"| {' | '.join([name, database, *(f'{each:.1f}' for each in figures)])} |"


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
