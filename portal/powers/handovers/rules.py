"""Where a plan stands, what the coverage says of it, and when its period begins. Pure (H-1, H-3, T-7)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from portal.foundation.deadlines.rules import LONGEST, Standing


class PlanState(StrEnum):
    """Where a plan stands; that it is late follows from its deadline and is stored nowhere."""

    DUE = "due"
    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Verdict(StrEnum):
    """What became of one filing; REPLACED: the place filed another before anybody decided."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    REPLACED = "replaced"


class Begin(StrEnum):
    """The event from which a period is counted: the document's own day, or the day the list was made public."""

    ISSUED = "issued"
    PUBLISHED = "published"


class Coverage(StrEnum):
    """How far one place is with one paper (H-3), as the reform office reads it at a glance."""

    LATE = "late"
    FILED = "filed"
    RETURNED = "returned"
    UNDER_WAY = "under_way"
    ACCEPTED = "accepted"
    HISTORY = "history"
    RELEASED = "released"
    NOBODY = "nobody"
    """The place has no body on record that could owe it."""


def coverage(state: PlanState, standing: Standing | None) -> Coverage:
    """How far a plan is; `standing` is that of its deadline today, None where there is none.

    What was filed is never late: the place has done its part, the office owes the answer.
    """
    if state is PlanState.ACCEPTED:
        return Coverage.ACCEPTED
    if state is PlanState.FILED:
        return Coverage.FILED
    if standing is None:
        return Coverage.NOBODY
    known = {
        Standing.LATE: Coverage.LATE,
        Standing.HISTORY: Coverage.HISTORY,
        Standing.WAIVED: Coverage.RELEASED,
        Standing.CANCELLED: Coverage.RELEASED,
    }
    if standing in known:
        return known[standing]
    return Coverage.RETURNED if state is PlanState.RETURNED else Coverage.UNDER_WAY


def first_day(begin: Begin, issued_on: date | None, published_on: date, fixed_on: date | None = None) -> date:
    """The day of the event, which does not count (T-3); a document without a date counts from its publication.

    To a fixed day nothing is counted: of a document of long ago the wait for it begins with the publication.
    """
    first = issued_on if begin is Begin.ISSUED and issued_on is not None else published_on
    if fixed_on is not None and (fixed_on - first).days > LONGEST:
        return published_on
    return first
