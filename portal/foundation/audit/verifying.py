"""Whether the record is as it was written: read from the first entry to the last, against its head and its anchors.

The chain alone finds an edited entry and a gap. A tail that was cut off together with the head, and a chain that was
written anew from some entry on, agree with themselves: only what was anchored outside the database tells them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from portal.db import db
from portal.foundation.audit import queries
from portal.foundation.audit.models import Entry, Stump, content
from portal.foundation.audit.rules import GENESIS, Act, Anchor, canonical, chained

AT_ONCE = 2000
"""Entries that are read at once."""


class Fault(StrEnum):
    """What is wrong with an entry."""

    EDITED = "edited"
    MISSING = "missing"
    CUT = "cut"
    REWRITTEN = "rewritten"
    HEAD = "head"
    STUMP = "stump"


@dataclass(frozen=True)
class Verdict:
    """What was found: how many entries were read, the first bad one and what is wrong with it, or neither.

    `anchors` is how many heads outside the database agreed.
    """

    entries: int
    fault: Fault | None = None
    number: int = 0
    anchors: int = 0
    newest: Anchor | None = None


def verify(anchors: Iterable[Anchor] = ()) -> Verdict:
    """Read the whole record; gives the first entry that is not as it was written. Reads alone, changes nothing."""
    stump = queries.newest_stump()
    if stump is not None and not _holds(stump):
        return Verdict(0, Fault.STUMP, stump.up_to)
    begin = Anchor(stump.up_to, stump.hash) if stump is not None else Anchor(0, GENESIS)
    kept: dict[int, set[str]] = {}
    for each in anchors:
        # Of two that claim the same number with different hashes, one cannot agree: that is found below.
        kept.setdefault(each.number, set()).add(each.hash)
    if kept.get(begin.number, {begin.hash}) != {begin.hash}:
        return Verdict(0, Fault.STUMP, begin.number)
    return _followed(begin, kept)


def follow(last: Anchor | None) -> Verdict:
    """Read what came after `last`, which was found good before; the whole record without one."""
    stump = queries.newest_stump()
    if last is None or (stump is not None and last.number <= stump.up_to):
        return verify([last] if last is not None else [])
    kept = queries.hash_of(last.number)
    if kept != last.hash:
        return Verdict(0, Fault.REWRITTEN if kept else Fault.CUT, last.number)
    return _followed(last, {})


def _followed(begin: Anchor, anchors: dict[int, set[str]]) -> Verdict:
    # The head first: entries that are written meanwhile come after it.
    head = queries.head()
    last, read, agreed, good = begin, 0, 0, begin.number
    for entry in _entries(begin.number):
        if entry.number != last.number + 1:
            return Verdict(read, Fault.MISSING, last.number + 1, agreed, last)
        if entry.hash != chained(last.hash, content(entry)):
            return Verdict(read, Fault.EDITED, entry.number, agreed, last)
        last, read = Anchor(entry.number, entry.hash), read + 1
        if entry.number in anchors:
            if anchors[entry.number] != {entry.hash}:
                return Verdict(read, Fault.REWRITTEN, good + 1, agreed, last)
            agreed, good = agreed + 1, entry.number
    if max(head.number, *anchors, 0) > last.number:
        return Verdict(read, Fault.CUT, last.number + 1, agreed, last)
    now = queries.head()
    # What is written after the last look is in the head, but was not read.
    if now.number < last.number or (now.number == last.number and now != last):
        return Verdict(read, Fault.HEAD, last.number, agreed, last)
    return Verdict(read, anchors=agreed, newest=last)


def _entries(after: int) -> Iterator[Any]:
    """Every entry's row in order; one that somebody numbered 0 or less comes first and does not fit."""
    query = select(*Entry.__table__.columns).order_by(Entry.number).limit(AT_ONCE)
    rows = db.session.execute(query.where((Entry.number > after) | (Entry.number < 1))).all()
    while rows:
        yield from rows
        rows = db.session.execute(query.where(Entry.number > rows[-1].number)).all()


def _holds(stump: Stump) -> bool:
    """Whether a stump is what pruning left: its seal says the same, and so does the record itself."""
    note = canonical(stump.sealed())
    told = select(Entry.number).where(Entry.act == Act.PRUNE, Entry.number > stump.up_to, Entry.note == note)
    return stump.seal == note and db.session.scalar(told.limit(1)) is not None
