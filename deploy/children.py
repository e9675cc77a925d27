"""The child processes of a start: each in a group of its own, restarted when it dies, all gone at the end."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
FIRST_PAUSE = 0.5  # seconds before a child that died is started again; doubles up to the longest
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds after which a child counts as running well
STEP = 0.05

# Bound before any fork: between fork and exec nothing may be imported.
_prctl = ctypes.CDLL(None).prctl if LINUX else None


@dataclass
class Child:
    """One program that has to run; `grace` is how many seconds it gets to end by itself."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    grace: float = 5.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    due: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it; what it prints goes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603  the command is our own
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which ends them in order
                preexec_fn=_end_with_parent,  # noqa: PLW1509  one C call, nothing imported
            )
        self.started = time.monotonic()

    def running(self) -> bool:
        """Whether it runs at this moment."""
        return self.process is not None and self.process.poll() is None

    def keep(self, now: float) -> int | None:
        """Start it again when it has died and its pause is over; gives the code it died with, once."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        if now - self.started > STEADY:
            self.pause = FIRST_PAUSE
        self.due, self.pause = now + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.process = None
        return code

    def ask_to_stop(self) -> None:
        """Send the signal that ends it in good order."""
        if self.running() and self.process:
            self.process.send_signal(signal.SIGTERM)


def stop(children: list[Child]) -> None:
    """End the children together: asked once, asked again at half time, then killed with their groups."""
    for child in children:
        child.ask_to_stop()
    asked = time.monotonic()
    reminded = False
    while any(child.running() for child in children):
        passed = time.monotonic() - asked
        longest = max(child.grace for child in children if child.running())
        if passed > longest:
            break
        if passed > longest / 2 and not reminded:
            # An RQ worker finishes its job on the first signal and drops it on the second; a dropped job is
            # taken up again, because its row says so.
            reminded = True
            for child in children:
                child.ask_to_stop()
        time.sleep(STEP)
    for child in children:
        if child.running() and child.process:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def adopt_orphans() -> None:
    """Become the parent of what children leave behind, so that it can be found at the end (Linux)."""
    if _prctl:
        _prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_orphans() -> None:
    """Kill every process that still descends from this one, such as a job of a killed worker."""
    for pid in reversed(list(_descendants(os.getpid()))):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        while os.waitpid(-1, 0)[0]:
            pass


def _descendants(pid: int) -> Iterator[int]:
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for word in listed.read_text().split():
                yield int(word)
                yield from _descendants(int(word))


def _end_with_parent() -> None:
    if _prctl:
        _prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
