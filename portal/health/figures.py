"""What waits, what is late and what failed, read at one moment from the database and the queue server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal import clock
from portal.db import db
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import Channel, DeliveryState
from portal.foundation.notifications.undelivered import queries as undelivered
from portal.foundation.runs import queries as runs
from portal.foundation.runs.rules import RunKind, RunState
from portal.foundation.schedule import queries as schedule
from portal.foundation.schedule.models import ScheduleEntry
from portal.foundation.schedule.rules import Outcome, alarming, expected, held, lateness
from portal.health import queueserver
from portal.health.queueserver import QueueState

NO_TIME = timedelta()
UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)


@dataclass(frozen=True)
class Line:
    """One entry of the schedule at the moment of looking; `late` and `alarming` as the slice's rules say."""

    id: int
    name: str
    label: str
    cadence: str
    begun_at: datetime | None
    ended_at: datetime | None
    rung_at: datetime | None
    due_at: datetime
    held: bool
    late: timedelta
    alarming: bool
    began_late: timedelta
    outcome: Outcome | None
    failures: int
    error: str
    asked_at: datetime | None
    asked_by_id: int | None


@dataclass(frozen=True)
class Figures:
    """Everything that alarms and metrics are made of; `queue` is None when the queue server is away."""

    now: datetime
    schedule: tuple[Line, ...]
    queue: QueueState | None
    runs: Mapping[RunState, int]
    runs_waiting: timedelta
    people_waiting: timedelta
    failures: Mapping[RunKind, int]
    unsent: int
    unsent_for: timedelta
    undelivered: Mapping[Channel, int]

    @property
    def unsendable(self) -> int:
        """How many deliveries failed for good."""
        return sum(self.undelivered.values())


def gather() -> Figures:
    """The figures now. The queue server is asked first, so that waiting for it holds no transaction up."""
    queue, now = queueserver.look(), clock.now()
    unsent, due_since = _deliveries(now)
    return Figures(
        now=now,
        schedule=tuple(_line(entry, now) for entry in schedule.entries()),
        queue=queue,
        runs=runs.under_way_counts(),
        runs_waiting=_since(runs.waiting_since(), now),
        people_waiting=_since(runs.waiting_since(for_people=True), now),
        failures=runs.failures(),
        unsent=unsent,
        unsent_for=_since(due_since, now),
        undelivered=undelivered.by_channel(),
    )


def _line(entry: ScheduleEntry, now: datetime) -> Line:
    return Line(
        id=entry.id,
        name=entry.name,
        label=entry.label,
        cadence=entry.cadence,
        begun_at=entry.begun_at,
        ended_at=entry.ended_at,
        rung_at=entry.rung_at,
        due_at=expected(entry, now),
        held=held(entry, now),
        late=lateness(entry, now),
        alarming=alarming(entry, now),
        began_late=timedelta(seconds=entry.late),
        outcome=entry.outcome,
        failures=entry.failures,
        error=entry.error,
        asked_at=entry.asked_at,
        asked_by_id=entry.asked_by_id,
    )


def _deliveries(now: datetime) -> tuple[int, datetime | None]:
    """How many deliveries are due and not sent, and since when the first of them."""
    due = select(func.count(), func.min(Delivery.next_at))
    count, since = db.session.execute(due.where(Delivery.state.in_(UNSENT), Delivery.next_at <= now)).one()
    return count, since


def _since(moment: datetime | None, now: datetime) -> timedelta:
    return max(NO_TIME, now - moment) if moment is not None else NO_TIME
