"""`make run`: what it starts, what it refuses in one line, and that nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import psutil
import pytest

from portal.config import ROOT

pytestmark = [pytest.mark.faults]

PATIENCE = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """One run of deploy.run, as `make run` starts it."""

    def __init__(self, folder, **env):
        self.folder = folder
        self.port = free_port()
        settings = {"REMIT_DATA_DIR": str(folder), "PORT": str(self.port), "REMIT_ENV": "development"} | env
        self.process = subprocess.Popen(
            [sys.executable, "-m", "deploy.run"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines = []
        self.up = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                self.up.set()
        self.up.set()

    def wait(self):
        assert self.up.wait(PATIENCE), self.lines
        assert any("Ctrl-C" in line for line in self.lines), self.lines
        return self

    def page(self, path="/"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()

    def family(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word):
        for each in self.family():
            with contextlib.suppress(psutil.Error):
                if any(word in part for part in each.cmdline()):
                    return each
        return None

    def end(self, number=signal.SIGTERM):
        family = self.family() if self.process.poll() is None else []
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return code, [each for each in family if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def start():
    """Starts portals and ends whatever is left of them."""
    running = []

    def begin(folder, **env):
        running.append(Portal(folder, **env))
        return running[-1]

    yield begin
    for portal in running:
        if portal.process.poll() is None:
            portal.end()
        portal.reader.join(PATIENCE)
        portal.process.stdout.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder that the tests of this file share: the first start fills it."""
    # Longer than the address of a unix socket may be, and not in Latin letters.
    return tmp_path_factory.mktemp("portal") / ("职掌的数据" * 8) / "数据"


def test_the_first_start_brings_everything_and_ends_without_a_trace(start, data):
    portal = start(data).wait()
    assert portal.page()[0] == 200
    status, found = portal.page(f"/search?q={quote('企业投资项目备案')}")
    assert status == 200
    assert "<mark>企业投资项目备案</mark></a>" in found
    told = "\n".join(portal.lines)
    assert f"http://127.0.0.1:{portal.port}/" in told
    assert "editor" in told
    names = " ".join(" ".join(each.cmdline()) for each in portal.family())
    for word in ("granian", "jobs worker", "jobs schedule", "queue.sock"):
        assert word in names
    code, left = portal.end(signal.SIGINT)
    assert (code, left) == (0, [])


def test_the_second_start_finds_the_data_and_makes_new_passwords(start, data):
    portal = start(data).wait()
    assert not any("已公布" in line for line in portal.lines)
    assert portal.page()[0] == 200
    assert portal.end()[0] == 0


def test_two_at_once_do_not_share_a_folder(start, data):
    first = start(data).wait()
    second = start(data)
    assert second.process.wait(PATIENCE) == 1
    second.reader.join(PATIENCE)
    assert len(second.lines) == 1
    assert "REMIT_DATA_DIR" in second.lines[0]
    assert first.page()[0] == 200
    assert first.end()[0] == 0


def test_what_dies_is_started_again(start, data):
    portal = start(data).wait()
    killed = [portal.child(word) for word in ("queue.sock", "granian")]
    for each in killed:
        each.kill()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if portal.child("queue.sock") not in (None, killed[0]) and portal.page()[0] == 200:
                break
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    assert portal.page()[0] == 200
    assert portal.child("queue.sock") not in (None, killed[0])
    code, left = portal.end()
    assert (code, left) == (0, [])


def test_children_end_when_the_supervisor_is_killed(start, data):
    portal = start(data).wait()
    family = portal.family()
    portal.end(signal.SIGKILL)
    _gone, alive = psutil.wait_procs(family, timeout=20)
    assert [each.cmdline() for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


def refused(start, folder, **env):
    """The one line of a start that is refused."""
    portal = start(folder, **env)
    assert portal.process.wait(PATIENCE) == 1, portal.lines
    portal.reader.join(PATIENCE)
    assert len(portal.lines) == 1, portal.lines
    return portal.lines[0]


def test_a_busy_port(start, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"端口 {port} 已被占用" in refused(start, tmp_path, PORT=str(port))


@pytest.mark.parametrize(
    ("env", "named"),
    [
        ({"PORT": "99999"}, "PORT"),
        ({"PORT": "http"}, "PORT"),
        ({"REMIT_HOST": "192.0.2.1"}, "REMIT_HOST"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL"),
        ({"REDIS_URL": "http://127.0.0.1/"}, "REDIS_URL"),
        ({"DATABASE_URL": "postgresql://nobody:geheim@127.0.0.1:1/none"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "oracle://there"}, "DATABASE_URL"),
        ({"DATABASE_URL": "there"}, "DATABASE_URL"),
        ({"REMIT_ENV": "production"}, "REMIT_SECRET_KEY"),
        ({"REMIT_ENV": "production", "REMIT_DEMO": "1"}, "REMIT_DEMO"),
        ({"REMIT_DATA_DIR": "/dev/null/here"}, "REMIT_DATA_DIR"),
    ],
    ids=lambda value: " ".join(value.values()) if isinstance(value, dict) else "",
)
def test_what_stands_in_the_way_is_one_line(start, tmp_path, env, named):
    line = refused(start, tmp_path, **env)
    assert named in line
    assert "geheim" not in line


def test_a_named_queue_server_and_postgresql_are_used(start, tmp_path, postgres, valkey):
    from tests.fixtures.databases import new_postgres_database

    address = new_postgres_database(postgres, "running").replace("+psycopg", "")
    # Without the shipped data: that PostgreSQL takes it, the browser's tests show.
    portal = start(tmp_path, DATABASE_URL=address, REDIS_URL=valkey.url, REMIT_DEMO="0").wait()
    assert portal.page()[0] == 200
    assert not (tmp_path / "remit.db").exists()
    assert not (tmp_path / "queue").exists()
    deadline = time.monotonic() + PATIENCE
    while not valkey.client.smembers("rq:workers"):
        assert time.monotonic() < deadline, "no worker has announced itself"
        time.sleep(0.2)
    assert portal.end()[0] == 0
