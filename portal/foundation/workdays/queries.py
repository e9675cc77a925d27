"""Reading the calendar: whole, as the running transaction sees it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.db import db
from portal.foundation.workdays.models import WorkDay, WorkYear
from portal.foundation.workdays.rules import Calendar, DayKind, Year

HELD = "calendar"


def version() -> int:
    """A number that rises with every change of any year; 0 before the first."""
    return int(db.session.scalar(select(func.coalesce(func.sum(WorkYear.version), 0))) or 0)


def calendar() -> Calendar:
    """The calendar of all announced years: one statement, and two more when it has changed in this transaction.

    It is held for one transaction only: what another one takes back must not stay here under the same version.
    """
    current = version()
    session = db.session()
    key = (session.get_transaction(), current)
    held = session.info.get(HELD)
    if held is None or held[0] != key:
        held = session.info[HELD] = (key, _read())
    found: Calendar = held[1]
    return found


def years() -> list[WorkYear]:
    """Every year that was ever entered, the newest first."""
    return list(db.session.scalars(select(WorkYear).order_by(WorkYear.year.desc())))


def year(number: int) -> WorkYear | None:
    """The row of a year, also of one that was taken back."""
    return db.session.scalar(select(WorkYear).where(WorkYear.year == number))


def _read() -> Calendar:
    sources = {
        key: (number, source)
        for key, number, source in db.session.execute(
            select(WorkYear.id, WorkYear.year, WorkYear.source).where(WorkYear.announced)
        )
    }
    named: dict[int, dict[DayKind, dict[date, str]]] = {}
    columns = (WorkDay.year_id, WorkDay.day, WorkDay.kind, WorkDay.name)
    for key, day, kind, name in db.session.execute(select(*columns).order_by(WorkDay.day)):
        named.setdefault(key, {}).setdefault(kind, {})[day] = name
    return Calendar(
        {
            number: Year(
                number,
                named.get(key, {}).get(DayKind.HOLIDAY, {}),
                named.get(key, {}).get(DayKind.MAKEUP, {}),
                source,
            )
            for key, (number, source) in sources.items()
        }
    )
