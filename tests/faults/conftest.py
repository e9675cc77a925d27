"""Real workers, a real scheduler, a real queue server and a real mail receiver, for tests that kill them."""

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
from tests.fixtures.mail import Mailbox
from tests.fixtures.queueserver import QueueServer

PATIENCE = 30  # seconds

T = TypeVar("T")


class Works:
    """The portal at work: starts and kills its processes; this process is one of its web servers."""

    def __init__(self, settings: Settings, queue_server: QueueServer, smtp: Mailbox) -> None:
        self.settings, self.queue_server, self.smtp = settings, queue_server, smtp
        self.children: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ,
            "REMIT_ENV": "test",
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "REMIT_DATA_DIR": str(settings.data_dir),
            "SMTP_HOST": smtp.host,
            "SMTP_PORT": str(smtp.port),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    @property
    def hold(self) -> Path:
        """While this file lies there, the slow run waits in its second step."""
        return self.settings.data_dir / "hold"

    def start(self, what: str) -> subprocess.Popen[bytes]:
        """Start a `worker` or the `schedule`; its lines go to the test's log folder."""
        log = (self.settings.data_dir / f"{what}-{len(self.children)}.log").open("wb")
        command = [sys.executable, "-m", "flask", "--app", "tests.faults.wsgi", "jobs", what]
        with log:
            child = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        self.children.append(child)
        return child

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill the worker and the process of its job, as the kernel does when memory is short."""
        processes = [*psutil.Process(worker.pid).children(recursive=True), worker]
        for process in processes:
            process.send_signal(signal.SIGKILL)
        worker.wait(PATIENCE)

    def stop(self) -> None:
        """End everything that was started."""
        for child in self.children:
            if child.poll() is None:
                self.kill(child)


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


@pytest.fixture
def works(
    settings: Settings, database: str, own_valkey: QueueServer, smtp: Mailbox, tmp_path: Path
) -> Iterator[Works]:
    """The portal with its own queue server and mail receiver, and one organisation that reads mail."""
    mine = replace(
        settings,
        redis_url=own_valkey.url,
        data_dir=tmp_path,
        mail=Mail(host=smtp.host, port=smtp.port),
    )
    app = create_app(mine)
    app.config["BELL_IN_TESTS"] = True
    made = Works(mine, own_valkey, smtp)
    with app.app_context():
        place = Place(code="370826", name="微山县", kind=PlaceKind.COUNTY)
        db.session.add(Organisation(name="微山县行政审批服务局", place=place, email="wsx@example.cn"))
        db.session.commit()
        yield made
        made.stop()
        db.session.remove()
        empty(db.engine)
        db.engine.dispose()


@pytest.fixture
def body(works: Works) -> Organisation:
    """The organisation."""
    return db.session.scalars(select(Organisation)).one()
