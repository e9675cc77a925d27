"""What happens to the portal while notices are on their way."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import select, text, update

from portal.config import ROOT
from portal.db import db
from portal.foundation.accounts.models import Account
from portal.foundation.notifications.models import Delivery
from portal.foundation.notifications.rules import OPEN, Channel, DeliveryState
from portal.foundation.organisations.models import Organisation
from portal.outbound.sockets import Limits
from tests.admin.conftest import enter
from tests.faults.long.field import Field

KILLS = 5
FORMS = 50
LATER = 500
FROZEN = 120
AWAY = 15
AHEAD = 2 * 3600


def killed_together(field: Field) -> None:
    """Worker and job at once, at moments that nobody chose."""
    for _ in range(KILLS):
        field.await_sending()
        time.sleep(field.chance.uniform(0, 2))
        field.kill_worker()


def killed_alone(field: Field) -> None:
    """The worker without its job, while another one is busy."""
    for _ in range(KILLS):
        field.await_sending()
        field.kill_worker(alone=True)


def frozen(field: Field) -> None:
    """All workers stop just after they have taken a job, for longer than their leases; others go on, then they too."""
    field.await_sending()
    field.strike()
    workers = [psutil.Process(child.pid) for child in field.alive("worker")]
    for worker in workers:
        worker.suspend()
    jobs = [job for worker in workers for job in worker.children(recursive=True)]
    for job in jobs:
        # One that ends just now stays a zombie until its worker goes on: there still is something to stop.
        job.suspend()
    field.kills += 1
    field.need(workers=4)
    time.sleep(45)
    field.orphans += jobs
    for process in (*jobs, *workers):
        process.resume()


def stopped_twice(field: Field) -> None:
    """SIGTERM, and again before the job has ended."""
    field.await_sending()
    field.strike()
    children = field.alive("worker")
    for _ in range(2):
        for child in children:
            if child.poll() is None:
                child.terminate()
        time.sleep(1.5)  # RQ takes a second signal within one second for the same
    for child in children:
        child.wait(60)
    field.kills += len(children)
    field.need(workers=2)


def cut_off(field: Field) -> None:
    """Web processes are killed after the commit and before the bell."""
    for number in range(KILLS):
        key = f"cut-off-{number}"
        command = [sys.executable, "-m", "tests.faults.long.cut_off", key]
        assert subprocess.run(command, cwd=ROOT, env=field.env, check=False).returncode == -signal.SIGKILL
        field.told.append(key)
        field.kills += 1
    field.strike(*OPEN)


def queue_restarted(field: Field) -> None:
    """The queue server is gone for three seconds."""
    field.queue_server.kill()
    time.sleep(3)
    field.queue_server.start()
    field.kills += 1
    field.strike(*OPEN)


def queue_frozen(field: Field) -> None:
    """The queue server answers nobody for two minutes."""
    server = field.queue_server.process
    assert server is not None
    server.send_signal(signal.SIGSTOP)
    try:
        time.sleep(FROZEN)
    finally:
        server.send_signal(signal.SIGCONT)
    field.strike(*OPEN)


def queue_wiped(field: Field) -> None:
    """The queue server forgets everything, while hundreds are to go out later."""
    field.await_sending()
    later = select(Delivery.id).where(Delivery.state == DeliveryState.QUEUED).limit(LATER)
    at = datetime.now(UTC) + timedelta(seconds=AWAY)
    statement = update(Delivery).where(Delivery.id.in_(later), Delivery.state == DeliveryState.QUEUED)
    db.session.execute(statement.values(next_at=at).execution_options(synchronize_session=False))
    db.session.commit()
    field.queue_server.client.flushall()
    time.sleep(AWAY)
    field.strike(*OPEN)


def queue_away_for_forms(field: Field) -> None:
    """Fifty forms are submitted while the queue server is down; every one is taken."""
    visitor = field.app.test_client()
    login = db.session.scalars(select(Account.login).order_by(Account.id)).first()
    assert enter(visitor, login or "") == 302
    unit = db.session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
    db.session.rollback()
    field.queue_server.kill()
    field.kills += 1
    for _ in range(FORMS):
        assert visitor.post(f"/staff/ways/{unit}/webhook/try").status_code == 302
        db.session.rollback()
        field.forms += 1
    field.queue_server.start()
    field.strike(*OPEN)


def nobody_rings(field: Field) -> None:
    """No scheduler and no worker for a while in which everything falls due."""
    field.kill("schedule")
    field.kill("worker")
    field.kills += 4
    time.sleep(2 * AWAY)
    field.strike(*OPEN)
    field.need(workers=2, schedulers=2)


def database_away(field: Field) -> None:
    """PostgreSQL breaks down and starts again; the file of SQLite is somebody else's for a while."""
    field.await_sending()
    field.strike()
    if db.engine.dialect.name == "postgresql":
        victim = db.session.scalars(text("SELECT pg_backend_pid()")).one()
        db.session.remove()
        # The server ends all connections and starts anew when one of its processes is killed.
        os.kill(victim, signal.SIGKILL)
        field.kills += 1
        db.engine.dispose()
    else:
        holder = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        time.sleep(2 * AWAY)
        holder.execute("ROLLBACK")
        holder.close()
    field.await_that(lambda: db.session.scalar(text("SELECT 1")))


def clock_moved(field: Field) -> None:
    """The workers' clock goes two hours ahead, and back after a while."""
    field.await_sending()
    ahead = Path(field.settings.data_dir) / "ahead"
    ahead.write_text(str(AHEAD))
    time.sleep(AWAY)
    ahead.write_text("0")
    field.strike(*OPEN)


def receivers_misbehave(field: Field) -> None:
    """Seven of the ten receivers misbehave, each in its way, until all the others have everything."""
    receiver = field.receiver
    receiver.answers |= {
        "/0": receiver.hang,
        "/1": (400, {}, b""),
        "/2": (429, {"Retry-After": "20"}, b""),
        "/3": (500, {}, b""),
        "/4": lambda connection: connection.shutdown(socket.SHUT_RDWR),
        "/5": _trickle,
        "/6": (307, {"Location": receiver.address("/6")}, b""),
    }
    bad = tuple(receiver.answers)
    units = [f"u{path[1:]}@example.cn" for path in bad]
    theirs = select(Organisation.id).where(Organisation.email.in_(units))
    of_others = (Delivery.channel == Channel.EMAIL) | Delivery.organisation_id.not_in(theirs)
    others = select(Delivery.id).where(of_others, Delivery.state.in_(OPEN)).limit(1)
    field.await_that(lambda: field.all_told and db.session.scalar(others) is None)
    receiver.answers.clear()
    # What was turned away has not arrived: only what comes from now on counts for these.
    receiver.received[:] = [each for each in receiver.received if each.path not in bad]
    # What was begun while they misbehaved fails by that. Whoever failed is asked again after a pause, which grows:
    # that is the rule, and no trouble of ours, so that only what comes after it counts.
    time.sleep(Limits().total + 5)
    field.strike(*OPEN, when_due=True)


def _trickle(connection: socket.socket) -> None:
    """A byte a second."""
    try:
        for byte in b"HTTP/1.1 204 No Content\r\n\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(1)
    except OSError:
        return
