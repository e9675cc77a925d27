"""Several processes on two machines are hammered while lists are published: nobody who was told sees the old page.

Real web servers on a real database of each kind. A machine is a data folder; the publishing process is now one of the
first machine, now one of a third that tells nobody but the database (or one that was killed right after its commit).
"""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from threading import Event, Thread

import pytest

from jobs.runs import work_off
from portal.config import ROOT
from portal.db import db
from portal.foundation.accounts import service as accounts
from portal.foundation.accounts.models import Account, Post
from portal.foundation.publishing import service as publishing
from portal.foundation.rights.rules import Role
from tests.fixtures.databases import empty
from tests.fixtures.passwords import with_password
from tests.lists.making import City, change, make_city, make_list, publish, put_forward, row, take_over
from tests.running.test_run import free_port
from wsgi import compose

pytestmark = pytest.mark.faults

PATIENCE = 60
PASSWORD = "correct horse battery"
PAGE = "/lists/liaocheng-2020"
ELSEWHERE = 1.0
"""Seconds after which the page is new on machines where nobody was told."""


@dataclass
class Machine:
    """One web server with its own data folder."""

    settings: object
    workers: int
    port: int = field(default_factory=free_port)
    seen: list[tuple[float, int]] = field(default_factory=list)

    def start(self):
        self.settings.data_dir.mkdir(exist_ok=True)
        env = {
            **os.environ,
            "REMIT_ENV": "test",
            "DATABASE_URL": self.settings.database_url.replace("+psycopg", ""),
            "REDIS_URL": self.settings.redis_url,
            "REMIT_DATA_DIR": str(self.settings.data_dir),
            "PYTHONPATH": str(ROOT),
            "REMIT_SECOND_FACTOR": "none",
        }
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--log-level",
            "warning",
        ]
        command += ["--workers", str(self.workers), "--blocking-threads", "2", "--port", str(self.port)]
        self.process = subprocess.Popen([*command, "wsgi:app"], cwd=ROOT, env=env)

    def ask(self, path, headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("POST" if body else "GET", path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def wait(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError):
                return self.ask(PAGE)
            time.sleep(0.1)
        raise AssertionError("the web server did not start")

    def hammer(self, stop):
        """Ask for the page without a pause; note when each request began and which revision it gave."""
        while not stop.is_set():
            begun = time.monotonic()
            answer, page = self.ask(PAGE, {"Accept-Encoding": "identity"})
            assert answer.status == 200
            self.seen.append((begun, int(re.search("本页内容取自第(\\d+)版", page)[1])))

    def wait_until_it_shows(self, number):
        """Until readers of this machine have been given that revision."""
        deadline = time.monotonic() + PATIENCE
        while not any(version >= number for _begun, version in list(self.seen)):
            assert time.monotonic() < deadline, f"revision {number} was never shown"
            time.sleep(0.05)

    def sign_in(self, login):
        """The cookie of somebody who signed in."""
        first, page = self.ask("/staff/sign-in/")
        token = re.search('name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        headers = {
            "Cookie": first.headers["Set-Cookie"].partition(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer, _page = self.ask(
            "/staff/sign-in/",
            headers,
            f"login={login}&password={PASSWORD.replace(' ', '+')}&csrf_token={token}",
        )
        assert answer.status == 302
        return answer.headers["Set-Cookie"].partition(";")[0]

    def told(self, cookie, proposal_id):
        """When the publisher has read on this machine that it is published."""
        while True:
            answer, page = self.ask(f"/staff/proposals/{proposal_id}/", {"Cookie": cookie})
            assert answer.status == 200
            if re.search(r">\s*已公布\s*</", page):
                return time.monotonic()


@contextmanager
def running(*machines):
    for machine in machines:
        machine.start()
    try:
        for machine in machines:
            machine.wait()
        yield
    finally:
        for machine in machines:
            machine.process.terminate()
        for machine in machines:
            machine.process.wait(PATIENCE)


@contextmanager
def hammered(*machines):
    stop = Event()
    threads = [Thread(target=each.hammer, args=(stop,)) for each in machines for _reader in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
        time.sleep(ELSEWHERE + 0.5)
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def prepared(settings):
    """A list that was published once, and an approver who can sign in."""
    app = compose(settings)
    with app.app_context():
        city = make_city()
        power_list = make_list(city)
        take_over(city, power_list, [row(1, "企业投资项目备案")])
        told = with_password(accounts.Person(login="told", name="甲"), PASSWORD)
        told.posts.append(Post(role=Role.APPROVER))
        publish(city, power_list)
        db.session.commit()
    return app


def put_out(app, number):
    """Change the list, propose and approve; gives the proposal's id. What is left is the background work."""
    with app.app_context():
        from portal.powers.lists.models import PowerList

        power_list = db.session.query(PowerList).one()
        people = {each.posts[0].role: each for each in db.session.query(Account) if each.login != "told"}
        city = City(power_list.place, power_list.policy, people[Role.EDITOR], people[Role.APPROVER], {})
        change(city, power_list, f"第{number}次改动")
        proposal = put_forward(city, power_list)
        publishing.approve(proposal.id, by=city.approver)
        db.session.commit()
        return proposal.id


def carried_out(app):
    with app.app_context():
        work_off()
        db.session.rollback()
    return time.monotonic()


def test_nobody_who_was_told_sees_the_old_page(settings, tmp_path, valkey):
    here, there, nowhere = (
        replace(settings, page_cache=1 << 20, data_dir=tmp_path / name)
        for name in ("here", "there", "nowhere")
    )
    for each in (here, there, nowhere):
        each.data_dir.mkdir()
    silent = prepared(replace(nowhere, page_cache=0))
    own = compose(here)
    machine, other = Machine(here, workers=2), Machine(there, workers=1)
    told = {}
    try:
        with running(machine, other):
            cookie = machine.sign_in("told")
            with hammered(machine, other):
                for number in (2, 3, 4):
                    proposal_id = put_out(silent, number)
                    if number % 2:
                        told[number] = carried_out(own)
                    else:
                        worker = Thread(target=carried_out, args=(silent,))
                        worker.start()
                        told[number] = machine.told(cookie, proposal_id)
                        worker.join()
                    # The next one must not come before a slow reader has had its turn.
                    for each in (machine, other):
                        each.wait_until_it_shows(number)
    finally:
        with silent.app_context():
            empty(db.engine)
            db.engine.dispose()
        with own.app_context():
            db.engine.dispose()
    for number, when in told.items():
        assert [seen for seen in machine.seen if seen[0] > when and seen[1] < number] == []
        late = [seen for seen in other.seen if seen[0] > when + ELSEWHERE and seen[1] < number]
        assert late == []
    for each in (machine, other):
        assert {version for _begun, version in each.seen} == {1, 2, 3, 4}
