"""The calendar of working days, year by year, and counting in it."""

from __future__ import annotations

from flask import abort, request

from portal import clock
from portal.address import knows
from portal.foundation.workdays import queries
from portal.foundation.workdays.months.rules import festivals, months
from portal.foundation.workdays.rules import Calendar
from portal.site.blueprint import page, site
from portal.site.counting.count import MOST, count


@site.get("/workdays")
@knows("from", "days")
def workdays() -> str:
    """Count working days from a day on; the years whose calendar can be looked at."""
    calendar = queries.calendar()
    begin, days = request.args.get("from", ""), request.args.get("days", "")
    return page(
        "site/workdays.html",
        years=[(year, year in calendar.years) for year in shown_years(calendar)],
        asked=count(calendar, begin, days) if begin or days else None,
        today=clock.today(),
        most=MOST,
    )


@site.get("/workdays/<int(max=9999):year>")
def workday_year(year: int) -> str:
    """A year as twelve months, with its holidays and the notice that they rest on."""
    calendar = queries.calendar()
    years = shown_years(calendar)
    if year not in years:
        abort(404)
    announced = calendar.years.get(year)
    return page(
        "site/workday_year.html",
        year=year,
        announced=announced,
        months=list(months(calendar, year)),
        festivals=festivals(announced) if announced else [],
        before=year - 1 if year - 1 in years else None,
        after=year + 1 if year + 1 in years else None,
    )


def shown_years(calendar: Calendar) -> list[int]:
    """The years that have a page, the newest first: those announced, this one and the next."""
    this = clock.today().year
    return sorted({*calendar.years, this, this + 1}, reverse=True)
