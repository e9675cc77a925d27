"""Verbs on the calendar: announcing or correcting a year, taking one back, loading the shipped ones.

`by` is the account that asks, which takes EDIT_CALENDAR; None for the project's own data.
"""

from __future__ import annotations

import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from portal import clock
from portal.db import db
from portal.errors import Conflict, NotFound, Refused
from portal.foundation.accounts.models import Account
from portal.foundation.rights.rules import Right
from portal.foundation.rights.service import require
from portal.foundation.workdays import queries
from portal.foundation.workdays.models import WorkDay, WorkYear
from portal.foundation.workdays.reading.rules import LONGEST_NAME, read
from portal.foundation.workdays.rules import DayKind, Year, flaws

LONGEST_SOURCE = 500


def announce(year: Year, *, by: Account | None, seen: int) -> WorkYear:
    """Enter a year as its notice arranges it, or correct one; deadlines that run are computed anew by their slice.

    `seen` is the year's version as whoever asks saw it, 0 for a year without a row. Saving what is there already
    changes nothing. Forbidden without the right; Refused with the first flaw of the arrangement (`rules.flaws`), for
    a missing or overlong source or name; Conflict when somebody changed the year since.
    """
    if by is not None:
        require(by, Right.EDIT_CALENDAR)
    source = year.source.strip()
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise Refused("请写明依据哪份通知，最多 %(count)d 个字符。", count=LONGEST_SOURCE)
    if any(not 0 < len(name) <= LONGEST_NAME for name in (*year.holidays.values(), *year.makeups.values())):
        raise Refused("节日名称不能空着，最多 %(count)d 个字符。", count=LONGEST_NAME)
    before = queries.calendar()
    for flaw in flaws(year, before):
        raise Refused(flaw.sentence, **flaw.values)
    wanted = Year(year.year, dict(year.holidays), dict(year.makeups), source)
    row = _locked(year.year, seen)
    if row is not None and row.announced and before.years.get(year.year) == wanted:
        return row
    if row is None:
        row = WorkYear(year=year.year, source=source)
        db.session.add(row)
        db.session.flush()
    else:
        row.version += 1
    row.announced, row.source = True, source
    _changed(row, by)
    _write_days(row, wanted)
    return row


def take_back(number: int, *, by: Account, seen: int) -> WorkYear:
    """Undo the announcement of a year entered by mistake: it counts weekends only again, and says so (预计).

    Forbidden without the right; NotFound for a year that is not announced; Conflict when it was changed since.
    """
    require(by, Right.EDIT_CALENDAR)
    row = _locked(number, seen)
    if row is None or not row.announced:
        raise NotFound("%(year)s 年还没有公布安排。", year=number)
    row.announced = False
    row.version += 1
    _changed(row, by)
    _write_days(row, Year(number))
    return row


def load(folder: Path) -> int:
    """Bring the shipped years in; what a person entered or took back stays. Returns how many years are new or other.

    A year that nobody has touched follows the file, so that a new release can correct it.
    """
    plan = tomllib.loads((folder / "workdays.toml").read_text("utf-8"))
    new = 0
    for number, notices in groupby(plan["notice"], lambda notice: notice["year"]):
        row = queries.year(number)
        if row is not None and row.changed_by_id is not None:
            continue
        version = row.version if row else 0
        new += announce(shipped(list(notices)), by=None, seen=version).version > version
    return new


def shipped(notices: list[dict[str, Any]]) -> Year:
    """A year of the file: its notices in order, of which a later one replaces what an earlier says of the same day.

    Raises LookupError where the words cannot be read.
    """
    number = int(notices[0]["year"])
    found: dict[Any, tuple[DayKind, str]] = {}
    for notice in notices:
        said = read(number, notice["text"])
        if said.flaws:
            raise LookupError(f"workdays.toml: {notice['title']}: {said.flaws}")
        found |= {day: (DayKind.HOLIDAY, name) for day, name in said.holidays.items()}
        found |= {day: (DayKind.MAKEUP, name) for day, name in said.makeups.items()}
    of_kind = {
        kind: {day: name for day, (each, name) in found.items() if each is kind}
        for kind in (DayKind.HOLIDAY, DayKind.MAKEUP)
    }
    return Year(number, of_kind[DayKind.HOLIDAY], of_kind[DayKind.MAKEUP], "；".join(map(_cited, notices)))


def _cited(notice: dict[str, Any]) -> str:
    when = notice["issued_on"]
    return f"《{notice['title']}》（{notice['number']}，{when.year}年{when.month}月{when.day}日）"


def _locked(number: int, seen: int) -> WorkYear | None:
    row = db.session.scalar(
        select(WorkYear)
        .where(WorkYear.year == number)
        .with_for_update(of=WorkYear)
        .execution_options(populate_existing=True)
    )
    if (row.version if row else 0) != seen:
        raise Conflict("%(year)s 年的安排刚被别人改过，请重新打开，核对以后再改。", year=number)
    return row


def _changed(row: WorkYear, by: Account | None) -> None:
    row.changed_at = clock.now()
    row.changed_by_id = by.id if by else None


def _write_days(row: WorkYear, year: Year) -> None:
    db.session.flush()
    db.session.execute(delete(WorkDay).where(WorkDay.year_id == row.id))
    days = [
        {"year_id": row.id, "day": day, "kind": kind, "name": year.holidays.get(day) or year.makeups[day]}
        for day, kind in sorted(year.kinds.items())
    ]
    if days:
        db.session.execute(insert(WorkDay), days)
    # What is held was read before.
    db.session.info.pop(queries.HELD, None)
