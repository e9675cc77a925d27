"""Reads a file in a fresh child process with limits; the process that asks is never at risk."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import portal
from portal.sheets.convert import convert
from portal.sheets.grids import Document, from_data
from portal.sheets.refusals import Refusal, Refused
from portal.sheets.sniff import Kind

MAX_BYTES = 30 * 1024 * 1024
"""The largest file that is looked at."""

WALL_SECONDS = 30
"""How long a child may take on a busy machine; its CPU time is limited far below (child.limit_time)."""


def read_document(path: Path) -> Document:
    """The paragraphs and grids of the file at `path`, whatever its name says.

    Raises Refused with a sentence for the person when the file cannot or must not be read, and OSError when
    there is no such file.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Refused(Refusal.NO_FILE)
    size = status.st_size
    if size == 0:
        raise Refused(Refusal.EMPTY)
    if size > MAX_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    said = _ask_child(path)
    if "convert" in said:
        kind = Kind(said["convert"])
        with tempfile.TemporaryDirectory(prefix="remit-") as name:
            said = _ask_child(convert(path, kind, Path(name)), *(["pages"] if kind is Kind.PDF else []))
    if "document" not in said:
        raise Refused(Refusal.CONVERSION_FAILED)
    return from_data(said["document"])


def _ask_child(path: Path, *how: str) -> dict[str, Any]:
    """What the child says about a file. Raises Refused, also when the child was stopped by a limit."""
    root = Path(portal.__file__).resolve().parent.parent
    command = [sys.executable, "-P", "-m", "portal.sheets.child", str(path.resolve()), *how]
    environment = {"PYTHONPATH": str(root), "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and module; the path is an argument
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Refusal.STOPPED) from error
    if done.returncode != 0 or not done.stdout:
        raise Refused(Refusal.STOPPED)
    said: dict[str, Any] = json.loads(done.stdout)
    if "refused" in said:
        raise Refused(Refusal(said["refused"]))
    return said
