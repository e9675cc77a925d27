"""Reminders by the thousand: one unit has far more than its usual; whoever writes them is killed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import func, select, update

from portal import clock
from portal.db import db
from portal.foundation.deadlines.models import DeadlineEvent
from portal.foundation.deadlines.opening import Opening, open_many
from portal.foundation.deadlines.registry import DeadlineKind
from portal.foundation.deadlines.rules import EventKind, Terms
from portal.foundation.notifications.bulk import notify_many
from portal.foundation.notifications.letters import Letter
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import NoticeKind
from portal.foundation.organisations.models import Organisation
from portal.foundation.schedule.models import ScheduleEntry
from tests.faults.long.field import SIZE, UNITS, Delays, Field

GREEDY = 7
CROWD = SIZE * 5 // 2
"""So many are due in one minute: 5,000, unless the run is a smaller one."""

MINUTE = 60.0
KILLS = 3
KIND = DeadlineKind("fault", "测试")
BEFORE = 7
"""Days before the last one at which there is a step."""


def crowded(field: Field) -> None:
    """Everybody's usual in one minute; then the same again, while one unit has seven times its usual."""
    usual = max(1, CROWD // (UNITS - 1 + GREEDY))
    bodies = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    field.all_told = True
    without = _rush(field, "usual", dict.fromkeys(bodies, usual))
    beside = _rush(field, "crowd", {**dict.fromkeys(bodies, usual), bodies[0]: GREEDY * usual})
    field.delays = without, beside


def _rush(field: Field, name: str, shares: Mapping[Organisation, int]) -> Delays:
    """Tell each unit its share, each share due evenly over one minute; how long those but the first had to wait."""
    letters = [
        Letter(body, f"{name}-{body.id}-{number}", "清单已公布", "请看。", kind=NoticeKind.DEADLINE)
        for body, share in shares.items()
        for number in range(share)
    ]
    notify_many(letters)
    field.owed |= {(each.key, each.organisation.id) for each in letters}
    due = _spread(name, shares)
    db.session.commit()
    field.await_that(field.all_ended)
    greedy = next(iter(shares)).id
    rows = db.session.scalars(
        select(Delivery).where(Delivery.id.in_(due), Delivery.organisation_id != greedy)
    )
    waited = [(row.sent_at - due[row.id]).total_seconds() for row in rows if row.sent_at]
    db.session.rollback()
    return Delays(median(waited), max(waited))


def _spread(name: str, shares: Mapping[Organisation, int]) -> dict[int, datetime]:
    """Let each unit's deliveries be due evenly over the next minute; gives when each is due, by its id."""
    begin = datetime.now(UTC) + timedelta(seconds=2)
    due: dict[int, datetime] = {}
    for body in shares:
        theirs = select(Delivery.id).join(Notice).where(Notice.event.startswith(f"{name}-{body.id}-"))
        ids = db.session.scalars(theirs.order_by(Delivery.id)).all()
        due |= {key: begin + timedelta(seconds=MINUTE * n / len(ids)) for n, key in enumerate(ids)}
    db.session.execute(update(Delivery), [{"id": key, "next_at": at} for key, at in due.items()])
    return due


def writer_killed(field: Field) -> None:
    """The job that writes reminders is killed, with its worker and whatever else is at work, again and again."""
    field.await_that(lambda: _entry().ended_at)
    field.owed |= _owe()
    _due_now()
    for _ in range(KILLS):
        field.await_that(_written)
        time.sleep(field.chance.uniform(0, 0.5))
        field.strike()
        field.kills += len(field.alive("worker"))
        field.kill("worker")
        begun, there = time.monotonic(), _written()
        field.need(workers=2)
        if there < len(field.owed):
            field.await_that(lambda there=there: _written() > there)
            field.recovered.append(time.monotonic() - begun)
    field.await_that(lambda: _written() >= len(field.owed))
    reminded = select(func.count(DeadlineEvent.id)).where(DeadlineEvent.kind == EventKind.REMINDED)
    assert db.session.scalar(reminded) == len(field.owed)
    db.session.rollback()
    field.all_told = True


def _owe() -> set[tuple[str, int]]:
    """SIZE deadlines, shared out among the units, whose step is today's; the events that they are to be told of."""
    today = clock.today()
    last = today + timedelta(days=BEFORE)
    bodies = db.session.scalars(select(Organisation).order_by(Organisation.id)).all()
    wanted = [
        Opening(("fault", n), bodies[n % UNITS], f"第 {n} 件", today, Terms.fixed(last)) for n in range(SIZE)
    ]
    made = open_many(KIND, wanted, by=None)
    events = {(f"deadline:{each.id}:{last.isoformat()}{-BEFORE:+d}", each.owed_by_id) for each in made}
    db.session.commit()
    return events


def _due_now() -> None:
    due = update(ScheduleEntry).where(ScheduleEntry.name == "remind").values(next_due=datetime.now(UTC))
    db.session.execute(due)
    db.session.commit()


def _entry() -> ScheduleEntry:
    db.session.expire_all()
    return db.session.scalars(select(ScheduleEntry).where(ScheduleEntry.name == "remind")).one()


def _written() -> int:
    count = select(func.count(Notice.id)).where(Notice.kind == NoticeKind.DEADLINE)
    return db.session.scalars(count).one()
