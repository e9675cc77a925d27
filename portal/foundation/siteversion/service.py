"""Counting: marked while a transaction runs, counted as its last act, told to the page cache once it is committed.

The counter's row is locked for a moment only, and always as the last lock of a transaction, so that nobody waits for
a long import and no two wait for each other.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from sqlalchemy import bindparam, event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from portal import clock
from portal.db import Instant, db
from portal.foundation.siteversion.models import SHOWN
from portal.pagecache.wiring import tell

CHANGED, NUMBER = "site_changed", "site_version"

# One statement, the same on both databases: of two that count at once the second waits and counts on.
_COUNT = text(
    "INSERT INTO site_version (id, number, changed_at) VALUES (1, 1, :now) ON CONFLICT (id) DO UPDATE"
    " SET number = site_version.number + 1, changed_at = excluded.changed_at RETURNING number"
).bindparams(bindparam("now", type_=Instant()))


def changed() -> None:
    """Let the running transaction count as a change of what the public can read, once, when it is committed."""
    session = db.session()
    if not session.in_transaction():
        # Only a transaction that has begun tells of its end, and a rollback must take the mark with it.
        session.begin()
    session.info[CHANGED] = True


def init_app(app: Flask) -> None:
    """Count by itself whatever changes a table that is shown as it stands; once for all applications."""
    del app
    if event.contains(Session, "before_commit", _count):
        return
    event.listen(Session, "after_flush", _notice)
    event.listen(Session, "do_orm_execute", _notice_statement)
    event.listen(Session, "before_commit", _count)
    event.listen(Session, "after_commit", _tell)
    event.listen(Session, "after_soft_rollback", _forget)


def _notice(session: Session, _context: Any) -> None:
    touched = (*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row)))
    if any(type(row) in SHOWN for row in touched):
        session.info[CHANGED] = True


def _notice_statement(state: ORMExecuteState) -> None:
    writes = state.is_insert or state.is_update or state.is_delete
    if writes and state.bind_mapper is not None and state.bind_mapper.class_ in SHOWN:
        state.session.info[CHANGED] = True


def _count(session: Session) -> None:
    # before_commit also fires for savepoints, and before what is still to be written has been.
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop(CHANGED, False):
        session.info[NUMBER] = session.execute(_COUNT, {"now": clock.now()}).scalar_one()


def _tell(session: Session) -> None:
    if not session.in_nested_transaction() and (number := session.info.pop(NUMBER, None)) is not None:
        tell(current_app, number)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    # A savepoint rolled back leaves the mark; one count too many only makes pages anew.
    if transaction.parent is None:
        session.info.pop(CHANGED, None)
        session.info.pop(NUMBER, None)
