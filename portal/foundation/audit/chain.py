"""Writing entries: numbered and chained under one lock, as the last act of the transaction that they belong to.

The lock is the head's row. It is taken when everything else is written, after the site version's (which is taken in
the same way), so it is held for a moment, whoever holds it waits for nobody, and no two writers wait for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, text, update

from portal import clock
from portal.foundation.audit.models import ChainHead, Entry, written
from portal.foundation.audit.rules import GENESIS, Capture, Circumstances, canonical, chained, cut

# Locks the row on PostgreSQL, and the database on SQLite before anything is read of it.
_LOCK = text("UPDATE audit_head SET number = number WHERE id = 1 RETURNING number, hash")
_BEGIN = text(
    "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, :genesis) ON CONFLICT (id) DO NOTHING"
).bindparams(bindparam("genesis", GENESIS))


def append(connection: Connection, captures: Sequence[Capture], present: Circumstances) -> int:
    """Write an entry for each capture and give the newest number. Three statements, however many they are."""
    head: Any = connection.execute(_LOCK).one_or_none()
    if head is None:
        # The very first entry; of two first ones, the second waits here and goes on after the other.
        connection.execute(_BEGIN)
        head = connection.execute(_LOCK).one()
    first, previous, at = head.number + 1, head.hash, clock.now()
    rows: list[dict[str, Any]] = []
    for each in captures:
        row = {"number": first + len(rows), "at": at, "together": first, **_of(each, present)}
        previous = row["hash"] = chained(previous, written(row))
        rows.append(row)
    newest: int = first + len(rows) - 1
    connection.execute(insert(Entry.__table__), rows)  # type: ignore[arg-type]
    connection.execute(update(ChainHead).where(ChainHead.id == 1).values(number=newest, hash=previous))
    return newest


def _of(capture: Capture, present: Circumstances) -> dict[str, Any]:
    who = capture.who or present.who
    return {
        "actor_id": who.id,
        "actor": cut(who.name)[:64],
        "role": cut(who.role)[:255],
        "door": present.door,
        "route": cut(present.route)[:255],
        "origin": cut(present.origin)[:64],
        "act": capture.act,
        "kind": capture.kind[:64],
        "record_id": cut(capture.record_id)[:64],
        "record_name": cut(capture.name)[:255],
        "outcome": capture.outcome,
        "changes": canonical(capture.changes),
        "note": canonical(capture.note),
    }
