"""`make run`: the whole portal on one machine, until Ctrl-C.

Queue server, database and data first, then web server, worker and scheduler; each is started again when it
dies. What stands in the way is said in one line, and nothing is left running.
"""

from __future__ import annotations

import errno
import fcntl
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import IO

from deploy import children, queueserver
from deploy.children import Child
from deploy.refusal import CannotStartError
from portal.config import ROOT, TRIAL_SECRET, Settings, SettingsError

PATIENCE = 30.0  # seconds for a server to answer
STEP = 0.1
THREADS = 4
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


class Stopped(BaseException):
    """Raised by the signals that end the run."""


class ToldError(Exception):
    """A child has already said on its own line why there can be no start."""


def main() -> int:
    """Run until told to stop; 0 after Ctrl-C or SIGTERM, 1 after one line about what is in the way."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    children.adopt_orphans()
    start = Start()
    try:
        start.up()
        start.watch()
    except Stopped:
        return 0
    except ToldError:
        return 1
    except (CannotStartError, SettingsError) as error:
        say(str(error), sys.stderr)
        return 1
    finally:
        # A second Ctrl-C must not leave half of them running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        start.down()
    return 0


def _stop(*_: object) -> None:
    raise Stopped


class Start:
    """One run of the portal: its settings and its child processes."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.env = dict(os.environ)
        self.queue: Child | None = None
        self.doors: list[Child] = []
        self.lock: IO[str] | None = None
        self.accounts = ""

    def up(self) -> None:
        """Start everything and print the address; raises CannotStartError or SettingsError."""
        self.env.setdefault("REMIT_ENV", "development")
        if self.env["REMIT_ENV"] != "production":
            self.env.setdefault("REMIT_DEMO", "1")
        self.settings = Settings.from_env(self.env)
        self.settings.check()
        check_port(self.settings.host, self.settings.port)
        self._make_room()
        self._start_queue()
        # The web server loads while the data is brought up to date; both take their seconds.
        self._open("web", self._web())
        self._prepare()
        self._await_page()
        self._open("worker", [*FLASK, "jobs", "worker"])
        self._open("schedule", [*FLASK, "jobs", "schedule"])
        say(f"\n职掌已经启动 / Remit is up: {address(self.settings)}")
        if self.accounts:
            say(
                f"演示账号，工作台在 {address(self.settings)}staff/ / demo accounts:\n{self.accounts.rstrip()}"
            )
        say("按 Ctrl-C 停止 / Ctrl-C stops it")

    def watch(self) -> None:
        """Keep everything running for as long as it is wanted."""
        while True:
            now = time.monotonic()
            for child in filter(None, [self.queue, *self.doors]):
                code = child.keep(now)
                if code is not None:
                    say(f"{child.name} 停了（{code}），将重新启动 / stopped, starting again; see {child.log}")
            time.sleep(STEP)

    def down(self) -> None:
        """End everything: those who use the queue server before the server itself."""
        if self.doors:
            children.stop(self.doors)
        if self.queue:
            children.stop([self.queue])
        children.end_orphans()
        if self.lock:
            self.lock.close()

    def _make_room(self) -> None:
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.lock = (folder / "run.lock").open("w")
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.settings.secret_key == TRIAL_SECRET:
                self.env["REMIT_SECRET_KEY"] = kept_secret(folder / "secret.key")
        except BlockingIOError:
            raise CannotStartError(
                f"另一个职掌正在使用 {folder}：请先停止它，或用 REMIT_DATA_DIR 换一个文件夹",
                "another Remit uses this folder: stop it first, or set REMIT_DATA_DIR",
            ) from None
        except OSError as error:
            raise CannotStartError(
                f"不能写入 {folder}：请检查权限，或用 REMIT_DATA_DIR 换一个文件夹",
                f"cannot write there ({error.strerror}): check its permissions, or set REMIT_DATA_DIR",
            ) from error

    def _start_queue(self) -> None:
        if self.env.get("REDIS_URL"):
            queueserver.check_named(self.settings.redis_url)
            return
        server = queueserver.own_server(self.settings.data_dir / "queue")
        self.queue = self._child("queue", server.command)
        self.queue.start()
        try:
            queueserver.await_answer(server.url, PATIENCE)
        except CannotStartError as error:
            raise CannotStartError(
                f"队列服务没有启动，见 {self.queue.log}", "the queue server did not start, see its log"
            ) from error
        self.env["REDIS_URL"] = server.url
        self.settings = replace(self.settings, redis_url=server.url)

    def _prepare(self) -> None:
        """Migrate and load in a process of its own: it needs the application, this one does not."""
        command = [sys.executable, "-m", "deploy.prepare"]
        with subprocess.Popen(  # noqa: S603  the command is our own
            command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as process:
            try:
                self.accounts, _ = process.communicate()
            except Stopped:
                process.terminate()
                raise
        if process.returncode:
            raise ToldError

    def _open(self, name: str, command: list[str]) -> None:
        door = self._child(name, command)
        self.doors.append(door)
        door.start()

    def _web(self) -> list[str]:
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"]
        web += ["--host", self.settings.host, "--port", str(self.settings.port)]
        return [*web, "--blocking-threads", str(THREADS), "--log-level", "warning", "wsgi:app"]

    def _child(self, name: str, command: list[str]) -> Child:
        env = self.env | {"PYTHONPATH": str(ROOT), "FLASK_SKIP_DOTENV": "1"}
        return Child(name, command, env, self.settings.data_dir / "logs" / f"{name}.log")

    def _await_page(self) -> None:
        web = self.doors[0]
        deadline = time.monotonic() + PATIENCE
        while not answers(self.settings):
            if time.monotonic() > deadline or not web.running():
                raise CannotStartError(
                    f"网站没有启动，见 {web.log}", f"the web server did not start, see {web.log}"
                )
            time.sleep(STEP)


def check_port(host: str, port: int) -> None:
    """Make sure that the web server will be able to listen; raises CannotStartError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotStartError(*_port_refusal(error, host, port)) from error


def _port_refusal(error: Exception, host: str, port: int) -> tuple[str, str]:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        return f"端口 {port} 已被占用：请换一个，例如 PORT={port + 1} make run", f"port {port} is taken"
    if code == errno.EACCES:
        return (
            f"没有权限使用端口 {port}：请用 1024 以上的端口",
            f"port {port} is not allowed, use one above 1024",
        )
    return f"不能监听 {host}:{port}：请检查 REMIT_HOST 和 PORT", f"cannot listen on {host}:{port}"


def kept_secret(path: Path) -> str:
    """The secret of this trial installation, made up at its first start and readable by its owner only."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def answers(settings: Settings) -> bool:
    """Whether the start page is served."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  read, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        name = settings.trusted_hosts[0] if settings.trusted_hosts else host
        connection.request("GET", "/", headers={"Host": name})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def address(settings: Settings) -> str:
    """Where people find the portal."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{settings.public_url or f'http://{host}:{settings.port}'}/"


def say(line: str, to: IO[str] | None = None) -> None:
    """Print at once, also into a pipe."""
    print(line, file=to or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
