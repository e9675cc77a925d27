"""Real workers, a real scheduler, a real queue server and a real mail receiver, for tests that kill them.

Starting a process costs seconds, so the tests of one database share them; each test says how many it needs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from sqlalchemy import select

from portal.app import create_app
from portal.config import ROOT, Mail, Settings
from portal.db import db
from portal.foundation.organisations.models import Organisation
from portal.foundation.places.models import Place
from portal.foundation.places.rules import PlaceKind
from tests.fixtures.databases import empty
from tests.fixtures.mail import AnyPort, Mailbox
from tests.fixtures.queueserver import QueueServer
from tests.fixtures.valkey import serve

PATIENCE = 180  # seconds; far more than anything takes, also on a machine that is busy with other tests

T = TypeVar("T")


class Works:
    """The portal at work: its processes, its queue server, its mail; this process is one of its web servers."""

    application = "tests.faults.wsgi"

    def __init__(self, settings: Settings, queue_server: QueueServer, smtp: Mailbox) -> None:
        self.settings, self.queue_server, self.smtp = settings, queue_server, smtp
        self.children: dict[str, list[subprocess.Popen[bytes]]] = {"worker": [], "schedule": []}
        self.env = {
            **os.environ,
            "REMIT_ENV": "test",
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "REMIT_DATA_DIR": str(settings.data_dir),
            "SMTP_HOST": smtp.host,
            "SMTP_PORT": str(smtp.port),
        }

    @property
    def hold(self) -> Path:
        """While this file lies there, the slow run waits in its second step."""
        return self.settings.data_dir / "hold"

    @property
    def calm(self) -> Path:
        """While this file lies there, a claim lasts as long as at work: nobody is killed, so none may run out."""
        return self.settings.data_dir / "calm"

    def need(self, *, workers: int = 1, schedulers: int = 1) -> None:
        """Start as many processes as are lacking."""
        for what, count in (("worker", workers), ("schedule", schedulers)):
            while len(self.alive(what)) < count:
                self._start(what)

    def _start(self, what: str) -> None:
        command = [sys.executable, "-m", "flask", "--app", self.application, "jobs", what]
        with (self.settings.data_dir / f"{what}.log").open("ab") as log:
            child = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self.children[what].append(child)

    def alive(self, what: str) -> list[subprocess.Popen[bytes]]:
        """The processes of that kind that still run."""
        return [child for child in self.children[what] if child.poll() is None]

    def kill(self, what: str = "worker") -> None:
        """Kill all processes of that kind and those of their jobs, as the kernel does when memory is short."""
        for child in self.alive(what):
            for process in [*psutil.Process(child.pid).children(recursive=True), child]:
                process.send_signal(signal.SIGKILL)
            child.wait(PATIENCE)

    def tidy(self) -> None:
        """Leave nothing of a test to the next one but the processes."""
        self.hold.unlink(missing_ok=True)
        self.smtp.answering.set()
        db.session.remove()
        empty(db.engine)
        wait_for(lambda: not self.smtp.waiting)
        self.calm.unlink(missing_ok=True)
        self.smtp.messages.clear()
        self.smtp.recipients.clear()


def wait_for(look: Callable[[], T | None]) -> T:
    """What `look` gives as soon as it gives something; fails after a while."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        db.session.expire_all()
        found = look()
        # On SQLite an open transaction, even of a reader, keeps the workers waiting.
        db.session.rollback()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {PATIENCE} s")


@pytest.fixture(scope="module")
def queue_server() -> Iterator[QueueServer]:
    """A queue server that may be stopped and killed; a test leaves it running."""
    yield from serve()


@pytest.fixture(scope="module")
def portal_at_work(
    settings: Settings, queue_server: QueueServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Works]:
    """The processes of one database."""
    smtp = Mailbox()
    controller = AnyPort(smtp, hostname=smtp.host, port=0)
    controller.start()
    smtp.port = controller.port
    mine = replace(
        settings,
        redis_url=queue_server.url,
        data_dir=tmp_path_factory.mktemp("work"),
        mail=Mail(host=smtp.host, port=smtp.port),
    )
    app = create_app(mine)
    app.config["BELL_IN_TESTS"] = True
    with app.app_context():
        works = Works(mine, queue_server, smtp)
        yield works
        works.kill("schedule")
        works.kill("worker")
        # The scheduler went on after the last test had tidied up: its rows are nobody else's.
        empty(db.engine)
        db.engine.dispose()
    controller.stop()


@pytest.fixture
def works(portal_at_work: Works) -> Iterator[Works]:
    """The portal with a worker, a scheduler and one organisation that reads mail."""
    place = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
    db.session.add(Organisation(name="微山县行政审批服务局", place=place, email="wsx@example.cn"))
    db.session.commit()
    portal_at_work.need()
    yield portal_at_work
    portal_at_work.tidy()


@pytest.fixture
def body(works: Works) -> Organisation:
    """The organisation."""
    found = db.session.scalars(select(Organisation)).one()
    db.session.rollback()
    return found
