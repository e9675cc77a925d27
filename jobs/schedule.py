"""What is done by the clock, as data, and the scheduler that rings for it.

The database says what is due (portal/foundation/schedule). A scheduler only rings; a worker takes an entry by one
statement, so any number of schedulers may run, and what was missed while all were down is made up once. Every entry
looks at the rows first: it may be done twice, and it may be missed.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from jobs import audit
from jobs.beating import beating
from jobs.circulars import draft_circulars
from jobs.deadlines import recompute, remind
from jobs.drafts import forget_drafts
from jobs.exports import prepare
from jobs.handovers import open_plans
from jobs.memoranda import open_renewals
from jobs.notifications import deliver
from jobs.reviews import open_reviews
from jobs.sweep import sweep, tidy
from portal import clock, queue
from portal.db import READS, db
from portal.foundation.audit.circumstances import acting
from portal.foundation.schedule import queries, service
from portal.foundation.schedule.models import ScheduleEntry
from portal.foundation.schedule.rules import BEAT, Cadence, Daily, Every, abandoned, due, unrung
from portal.foundation.schedule.service import TurnLost
from portal.i18n import mark
from portal.queue import Bell, Job

log = structlog.get_logger(__name__)

LOOK = 1.0
"""Seconds between two looks at what is due."""

PAUSE = 2.0
"""Seconds until the next look at a database that is away."""


@dataclass(frozen=True)
class Entry:
    """Work by the clock.

    `name` is its key, `label` what people call it, `job` takes nothing and may commit; `at_start` asks for it
    whenever a scheduler starts as well, as after an upgrade.
    """

    name: str
    label: str
    job: Callable[[], object]
    cadence: Cadence
    at_start: bool = False


SCHEDULE: tuple[Entry, ...] = (
    Entry("sweep", mark("清扫：没有人做的作业重新排队"), sweep, Every(15)),
    # Apart from sweeping: sending to many may take minutes, and killed work is not to wait for it.
    Entry("deliver", mark("发送到期的通知"), deliver, Every(15)),
    Entry("remind", mark("时限提醒：到了哪一步，就告诉该知道的人"), remind, Every(600)),
    Entry("recompute", mark("放假安排有变的时候，时限重新计算"), recompute, Every(60)),
    Entry("tidy", mark("清理没有用上的附件"), tidy, Daily(2, 30)),
    Entry("forget_drafts", mark("清理过期的草稿"), forget_drafts, Daily(2, 40)),
    Entry("anchor", mark("操作记录锚定：把末尾记到数据库外面"), audit.anchor, Every(600)),
    Entry("check_record", mark("核对操作记录"), audit.check, Daily(4)),
    Entry("plans", mark("补开承接方案的时限"), open_plans, Daily(2, 45), at_start=True),
    Entry("reviews", mark("补开定期评估的时限"), open_reviews, Daily(2, 50), at_start=True),
    Entry("renewals", mark("补开备忘录续签的时限"), open_renewals, Daily(2, 55), at_start=True),
    Entry("circulars", mark("按月编制调度通报的草稿"), draft_circulars, Daily(6, 30)),
    Entry("prepare", mark("补齐缺少的下载文件"), prepare, Daily(3), at_start=True),
)


class Scheduler:
    """Rings by the schedule until it is told to stop, whatever becomes of queue server and database meanwhile."""

    def __init__(self) -> None:
        self.stopping = False
        self._up = False

    def keep_time(self) -> None:
        """Ring by the schedule until SIGINT or SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        log.info("the scheduler has begun", entries=len(SCHEDULE))
        while not self.stopping:
            self._pause(self.look())

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Let it end within a moment."""
        self.stopping = True

    def look(self) -> float:
        """Ring for what is due; gives how many seconds to wait until the next look."""
        try:
            if not self._up:
                _bring_up(hasten=True)
                self._up = True
            _ring()
        except DBAPIError as error:
            db.session.rollback()
            log.warning("the database is away; the scheduler waits", error=type(error).__name__)
            return PAUSE
        return LOOK

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stopping and time.monotonic() < until:
            time.sleep(0.1)


def _bring_up(*, hasten: bool = False) -> None:
    service.bring_up(SCHEDULE)
    if hasten:
        service.hasten([entry.name for entry in SCHEDULE if entry.at_start])
    db.session.commit()


def _ring() -> None:
    now = clock.now()
    entries = _read()
    names = {entry.name for entry in SCHEDULE}
    if names - {entry.name for entry in entries}:
        _bring_up()
        entries = _read()
    for entry in entries:
        # One of another release is left to that release's scheduler as long as one runs.
        if entry.name not in names and abandoned(entry, now) and service.drop(entry):
            log.info("an entry that nobody knows any more is dropped", entry=entry.name)
            db.session.commit()
    late = [entry for entry in entries if entry.name in names and due(entry, now) and unrung(entry, now)]
    rung = _lying() if late else set()
    for entry in late:
        service.call_for(entry, quietly=(Job.TURN.value, (entry.id,)) in rung)
        db.session.commit()
    db.session.close()


def _read() -> list[ScheduleEntry]:
    """The entries, by a transaction that waits for no writer and is over before anything is rung for."""
    db.session.connection(execution_options=READS)
    found = list(queries.entries())
    db.session.close()
    return found


def _lying() -> set[Bell]:
    """The bells that no worker has answered yet; none when the queue server is away, since it must be rung again."""
    try:
        return queue.waiting()
    except RedisError:
        return set()


def take_turn(entry_id: int) -> None:
    """Do an entry if it is due; may be called any number of times, by any number of workers."""
    turn = service.take(entry_id)
    db.session.commit()
    entry = queries.get(entry_id)
    name = entry.name if entry else ""
    db.session.rollback()
    if turn is None:
        return
    try:
        with beating(lambda: service.keep(turn), TurnLost, BEAT), acting(f"schedule:{name}"):
            error = _done(name)
        service.end(turn, error)
        db.session.commit()
    except TurnLost:
        db.session.rollback()
        log.warning("another worker has taken the entry over", entry=name)


def _done(name: str) -> str:
    """Do the entry's work; gives "" or the kind of error that it ended with."""
    job = next((each.job for each in SCHEDULE if each.name == name), None)
    if job is None:
        return "UnknownEntry"  # a worker of another release; the next turn may be one's that knows it
    try:
        job()
        # What the work left open is not its successor's.
        db.session.rollback()
    except Exception as error:
        db.session.rollback()
        log.exception("an entry of the schedule broke", entry=name)
        return type(error).__name__
    return ""
