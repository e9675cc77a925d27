"""The verbs of the schedule: what there is to do, ringing for it, taking it, and how it ended.

A scheduler only rings; a worker takes. One statement decides between any number of workers, on both databases,
so that it does not matter how many schedulers ring.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.db import db
from portal.errors import Conflict, NotFound
from portal.foundation.rights.rules import Operator, Right
from portal.foundation.rights.service import require
from portal.foundation.schedule import queries
from portal.foundation.schedule.models import ScheduleEntry
from portal.foundation.schedule.rules import (
    ATTEMPTS,
    HOLD,
    Cadence,
    Every,
    Outcome,
    again_at,
    cadence,
    due,
    expected,
    held,
    unrung,
)
from portal.i18n import mark
from portal.queue import Job, ring

BUSY = mark("这一项正在做，请过一会儿再看。")


class Planned(Protocol):
    """An entry as the code declares it (jobs/schedule.py)."""

    @property
    def name(self) -> str:
        """Its key."""

    @property
    def label(self) -> str:
        """What people call it: Chinese, translated where it is shown."""

    @property
    def cadence(self) -> Cadence:
        """How often, or when."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A worker's proof that it has taken an entry; it holds no row, so that nothing the database says changes it."""

    entry_id: int
    number: int


class TurnLost(Exception):  # noqa: N818  it is an answer, not a fault
    """Another worker has taken the entry meanwhile; whoever had it writes nothing down."""


def bring_up(planned: Collection[Planned]) -> None:
    """Make the rows what the code declares: new ones come in, changed ones change.

    What is done every so often is due at once, what has its time of day at that time. Others stay: a scheduler of
    another release, which knows them, may be running.
    """
    now = clock.now()
    there = {entry.name: entry for entry in queries.entries()}
    for each in planned:
        entry = there.get(each.name)
        if entry is None:
            _add(each)
        elif (entry.cadence, entry.label) != (str(each.cadence), each.label):
            entry.next_due = min(entry.next_due, each.cadence.after(now))
            entry.cadence, entry.label = str(each.cadence), each.label
    db.session.flush()


def drop(entry: ScheduleEntry) -> bool:
    """Take an entry out that no scheduler knows any more; whether it was as it was read until then."""
    seen = ScheduleEntry.rung_at.is_not_distinct_from(entry.rung_at)
    gone = delete(ScheduleEntry).where(ScheduleEntry.id == entry.id, ScheduleEntry.turn == entry.turn, seen)
    done = db.session.execute(gone.execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _add(planned: Planned) -> None:
    now = clock.now()
    first = now if isinstance(planned.cadence, Every) else planned.cadence.after(now)
    values = {
        "name": planned.name,
        "label": planned.label,
        "cadence": str(planned.cadence),
        "next_due": first,
        **dict.fromkeys(("turn", "attempts", "late", "failures"), 0),
        "error": "",
    }
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    # Of two schedulers that start at once the second finds it there.
    adding = dialect.insert(ScheduleEntry).values(values)
    db.session.execute(adding.on_conflict_do_nothing(index_elements=["name"]))


def hasten(names: Collection[str]) -> None:
    """Let these entries be due now, unless they are already or somebody is at them."""
    now = clock.now()
    if names:
        free = and_(ScheduleEntry.hold_until.is_(None), ScheduleEntry.next_due > now)
        statement = update(ScheduleEntry).where(ScheduleEntry.name.in_(names), free)
        db.session.execute(statement.values(next_due=now))


def call_for(entry: ScheduleEntry, *, quietly: bool = False) -> bool:
    """Ring for an entry that is due, once in RING_AGAIN however many schedulers ask; whether this one was to ring.

    `quietly`: a bell of it still lies in the queue, so that only the sign of a living scheduler is left.
    """
    now = clock.now()
    if not (due(entry, now) and unrung(entry, now)):
        return False
    seen = ScheduleEntry.rung_at.is_not_distinct_from(entry.rung_at)
    if not _change(entry.id, and_(ScheduleEntry.turn == entry.turn, seen), {"rung_at": now}):
        return False
    if not quietly:
        ring(Job.TURN, entry.id, awaited=True)
    return True


def take(entry_id: int) -> Turn | None:
    """Take an entry for one worker if it is due; None when there is nothing to take or another was faster.

    One that was taken ATTEMPTS times without coming to an end is left until its next turn instead.
    """
    now = clock.now()
    entry = queries.get(entry_id)
    if entry is None or not due(entry, now):
        return None
    same = and_(
        ScheduleEntry.turn == entry.turn, ScheduleEntry.hold_until.is_not_distinct_from(entry.hold_until)
    )
    if entry.attempts >= ATTEMPTS:
        _change(entry_id, same, _ended(entry, Outcome.CUT_OFF, ""))
        return None
    turn = Turn(entry_id, entry.turn + 1)
    taken = {
        "turn": turn.number,
        "attempts": entry.attempts + 1,
        "hold_until": now + HOLD,
        "begun_at": now,
        "late": max(0, int((now - expected(entry, now)).total_seconds())),
    }
    return turn if _change(entry_id, same, taken) else None


def keep(turn: Turn) -> None:
    """A sign of life from a worker at something long; raises TurnLost when the entry is another worker's."""
    _held(turn, {"hold_until": clock.now() + HOLD})


def end(turn: Turn, error: str = "") -> None:
    """Write down that a turn is over, well or with an `error` (no sentence; for the administrator).

    The next one is due by the cadence, counted from this one's beginning; after a failure sooner. Raises TurnLost
    when the entry is another worker's.
    """
    entry = queries.get(turn.entry_id)
    if entry is None:
        raise TurnLost(turn.entry_id)
    _held(turn, _ended(entry, Outcome.FAILED if error else Outcome.DONE, error))


def ask(entry_id: int, *, by: Operator) -> ScheduleEntry:
    """Let an entry be done now, for whoever may see the background work. Conflict while it is being done."""
    require(by, Right.SEE_RUNS)
    now = clock.now()
    entry = queries.get(entry_id)
    if entry is None:
        raise NotFound("定时安排里没有这一项。")
    if held(entry, now):
        raise Conflict(BUSY)
    same = and_(
        ScheduleEntry.turn == entry.turn, ScheduleEntry.hold_until.is_not_distinct_from(entry.hold_until)
    )
    asked = {"next_due": min(entry.next_due, now), "asked_at": now, "asked_by_id": by.id, "attempts": 0}
    if not _change(entry_id, same, asked):
        raise Conflict(BUSY)
    ring(Job.TURN, entry_id, awaited=True)
    return entry


def _ended(entry: ScheduleEntry, outcome: Outcome, error: str) -> dict[str, Any]:
    now, planned = clock.now(), cadence(entry.cadence)
    failures = 0 if outcome is Outcome.DONE else entry.failures + 1
    begun = min(entry.begun_at or now, now)
    next_due = again_at(planned, failures, now) if outcome is Outcome.FAILED else planned.after(begun)
    if outcome is Outcome.CUT_OFF:
        next_due = max(next_due, again_at(planned, failures, now))
    return {
        "hold_until": None,
        "attempts": 0,
        "ended_at": now,
        "outcome": outcome,
        "failures": failures,
        "error": error[:255],
        "next_due": next_due,
    }


def _held(turn: Turn, values: dict[str, Any]) -> None:
    """Change the entry if the turn is still the worker's."""
    mine = and_(ScheduleEntry.turn == turn.number, ScheduleEntry.hold_until.is_not(None))
    if not _change(turn.entry_id, mine, values):
        raise TurnLost(turn.entry_id)


def _change(entry_id: int, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    statement = update(ScheduleEntry).where(ScheduleEntry.id == entry_id, where).values(values)
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    # The statement went past the session; whoever holds the record sees what became of it.
    db.session.get(ScheduleEntry, entry_id, populate_existing=True)
    return bool(done.rowcount)  # type: ignore[attr-defined]
