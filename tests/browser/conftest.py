"""The whole portal as `make run` starts it: web server, worker, scheduler and queue server, and people in it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from portal.config import ROOT
from tests.fixtures.browsers import stay_here
from tests.fixtures.databases import KINDS, new_postgres_database

PATIENCE = 90.0


@dataclass
class Portal:
    """A running portal: its address and the passwords of its demo accounts."""

    address: str
    passwords: dict[str, str]


@pytest.fixture(scope="session", params=KINDS)
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Started once a run on each database, with the three real lists in it."""
    folder = tmp_path_factory.mktemp("portal")
    env = {key: value for key, value in os.environ.items() if not key.startswith(("REMIT_", "FLASK_"))}
    env |= {"PORT": str(_free_port()), "REMIT_DATA_DIR": str(folder / "data")}
    env.pop("REDIS_URL", None)
    env.pop("DATABASE_URL", None)
    if request.param == "postgresql":
        env["DATABASE_URL"] = new_postgres_database(request.getfixturevalue("postgres"), "browser")
    log = folder / "log"
    with log.open("w") as said:
        running = subprocess.Popen(
            [sys.executable, "-m", "deploy.run"], cwd=ROOT, env=env, stdout=said, stderr=said
        )
    try:
        _wait(running, log)
        yield Portal(f"http://127.0.0.1:{env['PORT']}", _passwords(log.read_text()))
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def _wait(running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while "Remit is up" not in log.read_text():
        if running.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the portal did not start:\n{log.read_text()}", pytrace=False)
        time.sleep(0.2)
    while "Ctrl-C" not in log.read_text():
        time.sleep(0.1)


def _passwords(said: str) -> dict[str, str]:
    lines = [line.split("\t") for line in said.splitlines() if line.count("\t") == 2]
    return {login: password for login, password, _name in lines}


Enter = Callable[[str], Page]


@pytest.fixture
def profiles(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes fresh browser profiles that reach this machine only."""
    made: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        profile = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        profile.route("**/*", stay_here)
        profile.set_default_timeout(15_000)
        made.append(profile)
        return profile

    yield make
    for profile in made:
        profile.close()


@pytest.fixture
def enter(portal: Portal, profiles: Callable[..., BrowserContext]) -> Enter:
    """`enter("editor")`: a page of a fresh browser in which that demo person is signed in."""

    def signed_in(login: str) -> Page:
        page = profiles().new_page()
        page.goto(f"{portal.address}/staff/")
        page.get_by_label("登录名").fill(login)
        page.get_by_label("密码").fill(portal.passwords[login])
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{portal.address}/staff/")
        return page

    return signed_in
