"""What the session writes becomes the record by itself, in the same transaction: no record, no change.

Rows that the session flushes are looked at when it does; statements on whole sets (`update(…)`, `delete(…)`,
`insert(…)`) when they are executed: what they will touch is read, and locked, before. Captures wait in the session
until the outermost commit and go with a rollback, those of a savepoint with the savepoint's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from portal.foundation.audit import statements
from portal.foundation.audit.chain import append
from portal.foundation.audit.circumstances import present
from portal.foundation.audit.naming import key_of, name_of, shown
from portal.foundation.audit.rules import Act, Capture, Changes, merged
from portal.foundation.audit.tables import left_out, told

WAITING, MARKS, UNREAD = "audit_waiting", "audit_marks", "audit_unread"


def waiting(session: Session) -> list[Capture]:
    """What the running transaction has to tell so far."""
    found: list[Capture] = session.info.setdefault(WAITING, [])
    return found


def listen() -> None:
    """Capture what every session writes; once for all applications."""
    if event.contains(Session, "before_commit", _write):
        return
    event.listen(Session, "before_flush", _look_up)
    event.listen(Session, "after_flush", _flushed)
    event.listen(Session, "do_orm_execute", _executed)
    event.listen(Session, "after_transaction_create", _begun)
    event.listen(Session, "after_soft_rollback", _undone)
    event.listen(Session, "after_transaction_end", _ended)
    # After the site version's, whose lock is to be taken first by everybody.
    event.listen(Session, "before_commit", _write)


def _look_up(session: Session, _context: Any, _some: Any) -> None:
    """Read what stands in the database of fields that were set without having been read, before it is written over."""
    found: dict[Any, Any] = {}
    for row in session.dirty:
        state = inspect(row)
        table = state.mapper.local_table
        skipped = left_out(table.name)
        names = [
            each.columns[0].name
            for each in state.mapper.column_attrs
            if each.columns[0].name not in skipped and _unread(state.attrs[each.key].history)
        ]
        if names and told(table.name) and state.identity is not None:
            keys = zip(state.mapper.primary_key, state.identity, strict=True)
            query = select(*(table.columns[name] for name in names)).where(
                *(key == value for key, value in keys)
            )
            before = session.connection().execute(query).mappings().one_or_none()
            found[state] = dict(before or {})
    session.info[UNREAD] = found


def _unread(history: Any) -> bool:
    return bool(history.added) and not history.deleted


def _flushed(session: Session, _context: Any) -> None:
    found = waiting(session)
    found.extend(_captures(Act.CREATE, session.new))
    found.extend(_captures(Act.CHANGE, session.dirty))
    found.extend(_captures(Act.DELETE, session.deleted))
    session.info.pop(UNREAD, None)


def _captures(act: Act, rows: Iterable[Any]) -> Iterator[Capture]:
    for row in rows:
        table = inspect(row).mapper.local_table
        if told(table.name):
            changes = _changes(act, row)
            if changes or act is not Act.CHANGE:
                yield Capture(act, table.name, key_of(row), name_of(row), changes)


def _changes(act: Act, row: Any) -> Changes:
    state = inspect(row)
    skipped = left_out(state.mapper.local_table.name)
    unread = state.session.info.get(UNREAD, {}).get(state, {})
    changes: Changes = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        if column.name in skipped:
            continue
        if act is Act.CHANGE:
            history = state.attrs[attribute.key].history
            if history.has_changes():
                before = history.deleted[0] if history.deleted else unread.get(column.name)
                after = history.added[0] if history.added else None
                if before != after:
                    changes[column.name] = (shown(column, before), shown(column, after))
            continue
        value = state.dict.get(attribute.key)
        # A key that is the whole primary key is what the entry names its record by.
        if value is not None and (not column.primary_key or len(state.mapper.primary_key) > 1):
            said = shown(column, value)
            changes[column.name] = (None, said) if act is Act.CREATE else (said, None)
    return changes


def _executed(state: ORMExecuteState) -> Any:
    if not (state.is_insert or state.is_update or state.is_delete):
        return None
    return statements.carried_out(state, waiting(state.session))


def _begun(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(MARKS, {})[transaction] = len(waiting(session))


def _undone(session: Session, transaction: SessionTransaction) -> None:
    """What a rollback takes back is not told: of a savepoint what came after its beginning, else everything."""
    while not transaction.nested and transaction.parent is not None:
        # A flush that failed took its savepoint, or the whole transaction, with it.
        transaction = transaction.parent
    mark = session.info.get(MARKS, {}).get(transaction, 0)
    del waiting(session)[mark:]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    # Not those of savepoints: they are asked for after their end.
    if transaction.parent is None:
        session.info.pop(MARKS, None)


def _write(session: Session) -> None:
    # before_commit also fires for savepoints, and before what is still to be written has been.
    if session.in_nested_transaction():
        return
    session.flush()
    captures = merged(waiting(session))
    waiting(session).clear()
    if captures:
        append(session.connection(), captures, present())
