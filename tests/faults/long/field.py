"""The portal at work among its receivers, what is told to whom, and the count of what arrived."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.notifications import queries
from portal.foundation.notifications import service as notices
from portal.foundation.notifications.channels.email import KEY_HEADER
from portal.foundation.notifications.models import Delivery, Notice
from portal.foundation.notifications.rules import OPEN, Channel, DeliveryState, NoticeKind
from portal.foundation.notifications.ways import service as ways
from portal.foundation.organisations.models import Organisation
from portal.foundation.rights.rules import Role
from tests.admin.conftest import person
from tests.faults.conftest import Works
from tests.fixtures.doors import Application, Visitor
from tests.fixtures.mail import Mailbox
from tests.fixtures.queueserver import QueueServer
from tests.fixtures.web import Receiver
from tests.notifications.beds import organisation
from wsgi import compose

SIZE = int(os.environ.get("REMIT_FAULTS_SIZE", "2000"))
"""So many notices in each scenario, all units together."""

UNITS = 10
TOGETHER = 5
"""So many events are committed at once."""

PATIENCE = 900
"""Seconds until everything must have arrived; how long it took stands in the table."""

FIELD_KEY = "4dW5pVx4k3f3pL6uGm1n1b2rX2kq0b0m5bYc2n3m4Yk="


@dataclass(frozen=True)
class Delays:
    """Seconds from the moment at which a notice was due until it was sent: half of them waited less, none longer."""

    half: float
    longest: float


@dataclass(frozen=True)
class Found:
    """What came of a scenario; `slowest` and `through` in seconds.

    `delays` are those of the other units, first while every unit sent its usual, then while one sent seven times that.
    """

    notices: int
    kills: int
    lost: int
    repeated: int
    unexplained: int
    slowest: float
    through: float
    delays: tuple[Delays, Delays] | None = None


class Field(Works):
    """Units with people, e-mail and a webhook each, and the processes that serve them, with the clocks as shipped."""

    application = "tests.faults.long.wsgi"

    def __init__(
        self,
        app: Application,
        settings: Settings,
        queue_server: QueueServer,
        smtp: Mailbox,
        receiver: Receiver,
        chance: random.Random,
    ) -> None:
        super().__init__(settings, queue_server, smtp)
        self.app, self.receiver, self.chance = app, receiver, chance
        self.env["REMIT_FIELD_KEYS"] = FIELD_KEY
        self.told: list[str] = []
        self.forms = self.kills = 0
        self.all_told = False
        self.over = threading.Event()
        self.telling: threading.Thread | None = None
        self.struck: dict[int, datetime] = {}
        self.owed: set[tuple[str, int]] = set()
        """Events of which one unit alone is told, with the unit's id."""
        self.recovered: list[float] = []
        """Seconds from a kill until what it had cut off went on, where that is no delivery."""
        self.delays: tuple[Delays, Delays] | None = None
        self.orphans: list[psutil.Process] = []

    def settle_units(self) -> None:
        """Write the units, their people and their ways."""
        for number in range(UNITS):
            body = organisation(f"第 {number} 局", f"u{number}@example.cn")
            by = person(Role.COUNTY_OFFICER, login=f"officer-{number}", place=body.place)
            by.posts[0].organisation = body
            db.session.flush()
            ways.set_way(
                body, Channel.WEBHOOK, by=by, address=self.receiver.address(f"/{number}"), active=True
            )
        db.session.commit()

    def tell(self) -> None:
        """Begin to tell every unit its part of SIZE notices, in a thread; `all_told` says when it is through."""
        self.telling = threading.Thread(target=self._tell)
        self.telling.start()

    def _tell(self) -> None:
        with self.app.app_context():
            events = [f"n{number}" for number in range(max(1, SIZE // UNITS))]
            for first in range(0, len(events), TOGETHER):
                self._commit(events[first : first + TOGETHER])
            db.session.remove()
        self.all_told = not self.over.is_set()

    def _commit(self, events: list[str]) -> None:
        # A person whose form is turned away while the database is gone sends it again.
        while not self.over.is_set():
            try:
                for body in db.session.scalars(select(Organisation)):
                    for event in events:
                        notices.notify(body, key=event, title="清单已公布", body="请看。")
                db.session.commit()
            except SQLAlchemyError:
                db.session.rollback()
                time.sleep(0.5)
            else:
                self.told += events
                return

    def strike(self, *states: DeliveryState, when_due: bool = False) -> None:
        """Remember from now what is in these states (by default being sent): how long until it is sent is counted.

        `when_due`: what waits for its next attempt counts from then on, since nobody is to try it before.
        """
        db.session.expire_all()
        wanted = select(Delivery.id, Delivery.state, Delivery.next_at)
        now = datetime.now(UTC)
        for row in db.session.execute(wanted.where(Delivery.state.in_(states or (DeliveryState.SENDING,)))):
            waits = when_due and row.state is DeliveryState.QUEUED
            self.struck[row.id] = max(now, row.next_at) if waits else now
        db.session.rollback()

    def await_sending(self) -> None:
        """Wait until something is being sent, or everything has been."""
        self.await_that(lambda: self._count(DeliveryState.SENDING) or (self.all_told and self.all_ended()))

    def await_that(self, look: Callable[[], object]) -> None:
        """Wait for something, whatever becomes of the database meanwhile; fails after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                found = look()
                db.session.rollback()
            except SQLAlchemyError:
                db.session.rollback()
                found = None
            if found:
                return
            time.sleep(0.1)
        raise AssertionError(f"nothing came within {PATIENCE} s")

    def _count(self, *states: DeliveryState) -> int:
        db.session.expire_all()
        return db.session.scalar(select(func.count(Delivery.id)).where(Delivery.state.in_(states))) or 0

    def all_ended(self) -> bool:
        """Whether nothing is on its way any more."""
        return self._count(*OPEN) == 0

    def quiet(self) -> bool:
        """Whether everybody was told, nothing is on its way, and nobody still sends what another one has sent."""
        return self.all_told and self.all_ended() and not any(map(_lives, self.orphans))

    def kill_worker(self, *, alone: bool = False) -> None:
        """Kill one worker with its job, or without it (`alone`), and start another one."""
        self.strike()
        child = self.chance.choice(self.alive("worker"))
        # Stopped first, so that a job that ends just now is still its child when it is killed.
        child.send_signal(signal.SIGSTOP)
        jobs = psutil.Process(child.pid).children(recursive=True)
        self.orphans += jobs if alone else []
        for job in [] if alone else jobs:
            job.kill()
        child.kill()
        child.wait(PATIENCE)
        self.kills += 1
        self.need(workers=2, schedulers=2)

    def end(self) -> None:
        """End everything that still runs, jobs without a worker too."""
        self.over.set()
        if self.telling is not None:
            self.telling.join()
        self.kill("schedule")
        self.kill("worker")
        for job in filter(_lives, self.orphans):
            job.kill()

    def found(self, begun: float) -> Found:
        """Count rows, inboxes and what the receivers got; `begun` is when the trouble was over (monotonic)."""
        through = time.monotonic() - begun
        rows = list(db.session.scalars(select(Delivery)))
        came = Counter(str(message[KEY_HEADER]) for message in self.smtp.messages)
        came.update(each.document["data"]["key"] for each in self.receiver.received)
        lost = self._rows_lacking() + sum(not came[row.key] for row in rows)
        spare = sum(count - 1 for count in came.values())
        tried = {row.key: row.attempts for row in rows}
        # Each repeat has an attempt of its own in the row; one without would be nobody's.
        unexplained = sum(max(0, count - tried.get(key, 0)) for key, count in came.items())
        waited = [
            (row.sent_at - self.struck[row.id]).total_seconds()
            for row in rows
            if row.id in self.struck and row.sent_at is not None
        ]
        return Found(
            notices=len(self.told) * UNITS + len(self.owed) + self.forms,
            kills=self.kills,
            lost=lost,
            repeated=spare,
            unexplained=unexplained,
            slowest=max([*waited, *self.recovered], default=0.0),
            through=through,
            delays=self.delays,
        )

    def _rows_lacking(self) -> int:
        """How many of the rows that there must be are not there, or there twice, or not in their inbox, or not sent."""
        bodies = set(db.session.scalars(select(Organisation.id)))
        plain = Notice.kind != NoticeKind.TRIAL
        pairs = db.session.execute(select(Notice.event, Notice.organisation_id).where(plain))
        there = Counter((event, body) for event, body in pairs)
        wanted = {(event, body) for event in self.told for body in bodies} | self.owed
        wrong = sum(there[each] != 1 for each in wanted | set(there))
        for by in db.session.scalars(select(Account)):
            mine = Notice.organisation_id == by.posts[0].organisation_id
            wrong += abs(queries.inbox_size(by) - db.session.scalars(_number(Notice, mine)).one())
        trials = db.session.scalars(_number(Notice, ~plain)).one()
        sent = db.session.scalars(_number(Delivery, Delivery.state == DeliveryState.SENT)).one()
        return wrong + abs(trials - self.forms) + abs(sent - 2 * len(wanted) - self.forms)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _number(table, *where):
    return select(func.count(table.id)).where(*where)


def application(settings: Settings) -> Application:
    """This process's own application: one of the web servers, whose bell rings."""
    app = compose(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Visitor
    app.config["BELL_IN_TESTS"] = True
    return app
