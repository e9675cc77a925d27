"""The chain's head kept where the database's owner cannot reach it: in a file, in the log, in somebody's mailbox.

Whoever can write to the database can write a whole chain anew, or cut its tail off together with the head. What was
anchored before then no longer agrees.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import current_app

from portal import clock
from portal.config import Settings
from portal.db import db
from portal.foundation.audit.rules import Anchor
from portal.foundation.audit.verifying import Verdict, follow

log = structlog.get_logger(__name__)

NAME = "audit-anchors.txt"
_LINE = re.compile(r"(?:\S+ )?(\d{1,10})[ :]([0-9a-f]{64})")


@dataclass(frozen=True)
class Kept:
    """The anchors of a file, and how many of its lines cannot be read as one."""

    anchors: tuple[Anchor, ...] = ()
    unreadable: int = 0


class RecordBroken(Exception):  # noqa: N818  it is what was found
    """The record is not as it was written; it is not anchored, and a person must look."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(f"{verdict.fault} at {verdict.number}")


def path() -> Path:
    """The file of anchors of this installation."""
    settings: Settings = current_app.config["REMIT"]
    return settings.anchors.file or settings.data_dir / NAME


def read(file: Path) -> Kept:
    """The anchors that a file holds; none when it is not there."""
    if not file.exists():
        return Kept()
    lines = [line for line in file.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    found = [anchor for line in lines if (anchor := parsed(line.strip())) is not None]
    return Kept(tuple(found), len(lines) - len(found))


def parsed(text: str) -> Anchor | None:
    """The anchor of a line, as in the file (moment, number, hash) or as people pass it on (number:hash)."""
    match = _LINE.fullmatch(text)
    return Anchor(int(match[1]), match[2]) if match else None


def anchor() -> Anchor | None:
    """Keep the head outside the database, unless it is kept already; gives what was kept.

    What was written since the last anchor is read first: a head that does not follow from it is not anchored, but
    raises RecordBroken.
    """
    settings: Settings = current_app.config["REMIT"]
    file = path()
    last = max(read(file).anchors, key=lambda each: each.number, default=None)
    verdict = follow(last)
    if verdict.fault is not None:
        raise RecordBroken(verdict)
    head = verdict.newest
    db.session.rollback()
    if head is None or head == last or not head.number:
        return None
    if "file" in settings.anchors.places:
        _append(file, head)
    if "log" in settings.anchors.places:
        log.info("the record is anchored", number=head.number, hash=head.hash)
    return head


def line(head: Anchor) -> str:
    """A head as the file has it: the moment, the number, the hash."""
    return f"{clock.now().isoformat(timespec='seconds')} {head.number} {head.hash}"


def heads(texts: Iterable[str]) -> list[Anchor]:
    """Anchors that people kept themselves; ValueError with the first text that is none."""
    found = []
    for text in texts:
        one = parsed(text.strip())
        if one is None:
            raise ValueError(text)
        found.append(one)
    return found


def _append(file: Path, head: Anchor) -> None:
    """One more line, on disk when this returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(f"{line(head)}\n".encode())
        opened.flush()
        os.fsync(opened.fileno())
