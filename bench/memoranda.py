"""Which approval bureaus and departments lack a memorandum, over few duties and over fifty thousand.

Run: .venv/bin/python bench/memoranda.py. On both databases: the query, the page of memoranda and the first page of
people who see much and of one who sees a county. Writes bench/results/memoranda.md and fails when a page asks the
database more than 25 times, or more often with many duties than with few.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from datasets import KINDS  # noqa: E402
from deadlines import addresses  # noqa: E402
from flask import Flask  # noqa: E402
from sqlalchemy import insert, select, text  # noqa: E402
from staff_lists import LIST, Cost, application, commit, cost, visitors  # noqa: E402

from portal import clock  # noqa: E402
from portal.db import db  # noqa: E402
from portal.foundation.organisations.models import Organisation  # noqa: E402
from portal.foundation.organisations.rules import OrganisationKind  # noqa: E402
from portal.foundation.places.models import Place  # noqa: E402
from portal.foundation.places.rules import PlaceKind  # noqa: E402
from portal.powers.duties.models import Duty, DutyRole  # noqa: E402
from portal.powers.matters.models import Matter  # noqa: E402
from portal.powers.matters.rules import MatterType, identity  # noqa: E402
from portal.powers.memoranda.pairs import lacking  # noqa: E402

PLACES, DEPARTMENTS, ROUNDS = 100, 20, 5
FEW, MANY = 1, 250
"""Matters that each place has taken over; each makes a receiver and a regulator, so that 250 are 50,000 duties."""
PAGES = ("/staff/memoranda/", "/staff/")


def bodies(city: Place) -> list[list[int]]:
    """Counties of the city, each with an approval bureau and departments; their ids by county, the place's first."""
    made = []
    for number in range(PLACES):
        place = Place(
            code=f"3799{number:02}",
            name=f"测试{number}县",
            kind=PlaceKind.COUNTY,
            parent=city,
            position=number,
        )
        db.session.add(place)
        db.session.flush()
        names = [(f"测试{number}县行政审批服务局", OrganisationKind.APPROVAL_BUREAU)]
        names += [(f"测试{number}县第{each}局", OrganisationKind.DEPARTMENT) for each in range(DEPARTMENTS)]
        rows = [Organisation(place=place, name=name, kind=kind) for name, kind in names]
        db.session.add_all(rows)
        db.session.flush()
        made.append([place.id, *(each.id for each in rows)])
    return made


def duties(city_id: int, city_code: str, counties: list[list[int]], begin: int, end: int) -> None:
    """Every county takes so many matters over, which its departments regulate in turn."""
    rows = [
        {
            "identity": identity(city_code, "", f"测试事项{number}", f"9{number:06}"),
            "place_id": city_id,
            "name": f"测试事项{number}",
            "code": f"9{number:06}",
            "type": MatterType.OTHER,
        }
        for number in range(begin, end)
    ]
    matters = db.session.scalars(insert(Matter).returning(Matter.id), rows).all()
    for place_id, bureau_id, *departments in counties:
        taken = [
            {"place_id": place_id, "matter_id": key, "role": role, "organisation_id": unit}
            for index, key in enumerate(matters)
            for role, unit in (
                (DutyRole.RECEIVER, bureau_id),
                (DutyRole.REGULATOR_PLACE, departments[index % len(departments)]),
            )
        ]
        db.session.execute(insert(Duty), taken)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def query(app: Flask) -> tuple[int, float]:
    """How many pairs lack one, and milliseconds of the median query."""
    taken, found = [], []
    with app.app_context():
        for _round in range(ROUNDS + 1):
            db.session.expire_all()
            begun = time.perf_counter()
            found = lacking(clock.today(), None)
            taken.append((time.perf_counter() - begun) * 1000)
    return len(found), statistics.median(taken[1:])


def measured(app: Flask, clients: list[Any]) -> dict[str, Cost]:
    """Each page for each of the people who may see it."""
    found = {}
    for address in PAGES:
        for who, client in zip(("editor", "administrator", "county officer"), clients, strict=True):
            told = cost(app, client, address)
            if told is not None:
                found[f"{address}, {who}"] = told[0]
    return found


def measure(kind: str, address: str, folder: Path) -> tuple[list[str], list[str]]:
    """The lines of one database, and what missed its limit."""
    print(kind, flush=True)
    app = application(address, folder)
    clients = visitors(app)
    with app.app_context():
        city = db.session.scalars(
            select(Place).where(Place.kind == PlaceKind.CITY).order_by(Place.id)
        ).first()
        assert city is not None  # noqa: S101  visitors has made it
        city_key, city_code = city.id, city.code
        counties = bodies(city)
        duties(city_key, city_code, counties, 0, FEW)
    few_pairs, few_query, few = *query(app), measured(app, clients)
    with app.app_context():
        duties(city_key, city_code, counties, FEW, MANY)
    many_pairs, many_query, many = *query(app), measured(app, clients)
    lines = [
        f"| {kind} | statements, few | many | ms, few | many |",
        "|---|---:|---:|---:|---:|",
        f"| the query: {few_pairs:,} and {many_pairs:,} pairs | | | {few_query:.0f} | {many_query:.0f} |",
    ]
    faults = []
    for name, small in few.items():
        large = many[name]
        times = f"{small.milliseconds:.0f} | {large.milliseconds:.0f}"
        lines.append(f"| `{name}` | {small.statements} | {large.statements} | {times} |")
        if large.statements > min(LIST, small.statements):
            faults.append(f"{kind}, {name}: {large.statements}")
    with app.app_context():
        db.engine.dispose()
    return [*lines, ""], faults


def main() -> None:
    """Measure on both databases and write the table."""
    lines = [
        "# Pairs that lack a memorandum",
        "",
        f"{PLACES} counties, each with an approval bureau and {DEPARTMENTS} departments; every county has taken",
        f"{FEW} or {MANY} matters over, so that there are {PLACES * FEW * 2:,} or {PLACES * MANY * 2:,} duties.",
        f"Statements of one request; milliseconds in one process, medians of {ROUNDS} requests.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/memoranda.py`.",
        "",
    ]
    faults: list[str] = []
    with addresses() as (folder, made):
        for kind in KINDS:
            told, missed = measure(kind, made[kind], folder / kind)
            lines += told
            faults += missed
    table = "\n".join(lines)
    print(table)
    (HERE / "results" / "memoranda.md").write_text(table, encoding="utf-8")
    if faults:
        raise SystemExit("too many statements: " + "; ".join(faults))


if __name__ == "__main__":
    main()
