"""Pages from the cache: ours against a bare WSGI callable that gives the same bytes, on the same web server.

Run: .venv/bin/python bench/serve.py
The shipped lists are published into a new folder; three web servers (granian, as `make run` starts it) stand side by
side: ours, the bare callable, Flask's hello. wrk asks them in turn; the table gives the medians of the rounds and goes
to bench/results/serve.md. Ours must be at least 0.85 times as fast as the bare callable, and 0.9 times where the
reader's copy still holds (304).
"""

from __future__ import annotations

import http.client
import os
import pickle
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from deploy.run import THREADS  # noqa: E402

ROUNDS, SECONDS, CONNECTIONS = 5, 3, 16
PATIENCE = 60
ACCEPT = "gzip, deflate, br, zstd"
FEWER = 0.85
FEWER_UNCHANGED = 0.9
LIST = "/lists/jining-2021-annex-1"


@dataclass(frozen=True)
class Case:
    """One row of the table: an address, and whether the reader has the page already."""

    name: str
    path: str
    unchanged: bool = False

    @property
    def recorded(self) -> str:
        """Where the bare callable has the answer."""
        return f"/unchanged{self.path}" if self.unchanged else self.path

    @property
    def limit(self) -> float:
        """The least share of the bare callable's requests that ours must reach."""
        return FEWER_UNCHANGED if self.unchanged else FEWER


@dataclass(frozen=True)
class Recorded:
    """Ours, as it answered."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def tag(self) -> str:
        """The ETag."""
        return next(value for name, value in self.headers if name.lower() == "etag")


def ask(port: int, path: str, tag: str = "") -> Recorded:
    """One answer of a server, as a browser gets it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    headers = {"Accept-Encoding": ACCEPT} | ({"If-None-Match": tag} if tag else {})
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    own = [pair for pair in answer.getheaders() if pair[0].lower() not in ("date", "server")]
    found = Recorded(f"{answer.status} {answer.reason}", own, answer.read())
    connection.close()
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(target: str, env: dict[str, str]) -> Iterator[int]:
    """A web server as `make run` starts it; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", str(THREADS)]
    command += ["--log-level", "warning", target]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        await_answer(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def await_answer(port: int) -> None:
    """Wait until a server answers anything."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError):
            ask(port, "/")
            return
        time.sleep(0.1)
    raise SystemExit("a web server did not start")


def load(port: int, path: str, tag: str = "") -> float:
    """Requests a second that wrk gets answered."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-H", f"Accept-Encoding: {ACCEPT}"]
    command += ["-H", f"If-None-Match: {tag}"] if tag else []
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True
    )
    if "Non-2xx" in done.stdout:
        raise SystemExit(f"{path} was not answered well:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]


def cases(port: int) -> list[Case]:
    """The pages that are asked for; the matter is the first of the list, the style sheet as the page names it."""
    page = ask_plain(port, LIST)
    matter = re.search(rf'href="({LIST}/matters/\d+)', page)
    sheet = re.search(r'href="(/static/dist/app\.css\?v=\w+)"', page)
    if matter is None or sheet is None:
        raise SystemExit("the list page names no matter or no style sheet")
    return [
        Case("home", "/"),
        Case("list of 61 matters", LIST),
        Case("matter", matter[1]),
        Case("style sheet", sheet[1]),
        Case("home, the copy still holds (304)", "/", unchanged=True),
        Case("list, the copy still holds (304)", LIST, unchanged=True),
    ]


def ask_plain(port: int, path: str) -> str:
    """A page's text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if answer.status != http.client.OK:
        raise SystemExit(f"{path} was not answered well:\n{text}")
    return text


def record(port: int, asked: list[Case], target: Path) -> dict[Case, Recorded]:
    """Ours, as it answers each case, for the bare callable."""
    found = {}
    for case in asked:
        whole = ask(port, case.path)
        found[case] = ask(port, case.path, whole.tag) if case.unchanged else whole
    kept = {
        case.recorded.partition("?")[0]: (each.status, each.headers, [each.body])
        for case, each in found.items()
    }
    first = next(iter(kept.values()))
    target.write_bytes(pickle.dumps({"/": first, **kept}))
    return found


def measure(folder: Path) -> tuple[dict[Case, tuple[float, float]], float, dict[Case, Recorded]]:
    """Requests a second of the bare callable and of ours by case, of Flask's hello, and what was answered."""
    env = {**os.environ, "REMIT_DATA_DIR": str(folder), "REMIT_DEMO": "1", "REMIT_ENV": "development"}
    env |= {"PYTHONPATH": str(ROOT), "FLASK_SKIP_DOTENV": "1", "RECORDED": str(folder / "recorded")}
    for name in ("DATABASE_URL", "REMIT_PAGE_CACHE"):
        env.pop(name, None)
    for command in (["db", "upgrade"], ["demo", "load"]):
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(flask, cwd=ROOT, env=env, check=True, capture_output=True)
    with served("wsgi:app", env) as ours:
        asked = cases(ours)
        answers = record(ours, asked, folder / "recorded")
        with served("bench.serving.bare:app", env) as bare, served("bench.serving.hello:app", env) as hello:
            rates: dict[Case, list[tuple[float, float]]] = {case: [] for case in asked}
            hellos = []
            for number in range(ROUNDS):
                print(f"round {number + 1} of {ROUNDS}", flush=True)
                hellos.append(load(hello, "/"))
                for case in asked:
                    tag = answers[case].tag if case.unchanged else ""
                    # Each begins as often as the other: what runs first in a pair may find another machine.
                    sides = [lambda: load(bare, case.recorded, tag), lambda: load(ours, case.path, tag)]  # noqa: B023
                    turn = [0, 1] if number % 2 else [1, 0]
                    got = {side: sides[side]() for side in turn}
                    rates[case].append((got[0], got[1]))
            for case in asked:
                tag = answers[case].tag if case.unchanged else ""
                if ask(ours, case.path, tag) != answers[case] or ask(bare, case.recorded) != answers[case]:
                    raise SystemExit(f"{case.name}: the two sides do not give the same bytes")
    medians = {
        case: (statistics.median(b for b, _ in pairs), statistics.median(o for _, o in pairs))
        for case, pairs in rates.items()
    }
    return medians, statistics.median(hellos), answers


def table(medians: dict[Case, tuple[float, float]], hello: float, answers: dict[Case, Recorded]) -> list[str]:
    """The result as Markdown."""
    lines = [
        "# Pages from the cache",
        "",
        f"Requests a second of one process of granian with {THREADS} threads, {CONNECTIONS} connections of wrk on the",
        f"same machine, medians of {ROUNDS} rounds of {SECONDS} s, the sides in turn; brotli as browsers ask for it.",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors.",
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit()}. Written by `bench/serve.py`.",
        "",
        "| | bytes | bare WSGI | ours | × | at least |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for case, (bare, ours) in medians.items():
        size = len(answers[case].body)
        lines.append(
            f"| {case.name} | {size:,} | {bare:,.0f} | {ours:,.0f} | {ours / bare:.2f} | {case.limit:.2f} |"
        )
    return [*lines, f"| Flask's hello | 13 | | {hello:,.0f} | | |", ""]


def commit() -> str:
    """The commit that was measured."""
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> None:
    """Measure, print the table, write it to bench/results, fail when a limit is broken."""
    if shutil.which("wrk") is None:
        raise SystemExit(
            "wrk is missing, and no client in Python is as fast as the server: apt-get install wrk"
        )
    folder = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    try:
        medians, hello, answers = measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text = "\n".join(table(medians, hello, answers))
    print(text)
    target = HERE / "results" / "serve.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8")
    slow = [case.name for case, (bare, ours) in medians.items() if ours < case.limit * bare]
    if slow:
        raise SystemExit(f"under the limit: {', '.join(slow)}")


if __name__ == "__main__":
    main()
