"""What a peer stands in: an environment of its own with pinned versions, and a server process on a free port."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from serve import PATIENCE, await_answer, free_port

PORT = "PORT"
"""Stands for the port in a server's command."""


def environment(name: str, pinned: Sequence[str]) -> Path:
    """The programs of an environment that has exactly these versions; made once, under the system's cache folder.

    `REMIT_PEERS` names another folder.
    """
    digest = hashlib.sha256("\n".join((sys.version, *pinned)).encode()).hexdigest()[:12]
    kept = Path(os.environ.get("REMIT_PEERS") or Path(tempfile.gettempdir()) / "remit-peers")
    folder = kept / f"{name}-{digest}"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    made = folder / "made"
    if not made.exists():
        print(f"  installing {name}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [programs / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*install, "--only-binary", ":all:", *pinned], check=True)
        made.touch()
    return programs


@contextmanager
def serving(command: Sequence[str | Path], env: Mapping[str, str], folder: Path) -> Iterator[int]:
    """A server as long as the block lasts; gives the port that stands for PORT in its command."""
    port = free_port()
    told = [str(port) if word == PORT else str(word) for word in command]
    process = subprocess.Popen(told, cwd=folder, env={**os.environ, **env})
    try:
        await_answer(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
