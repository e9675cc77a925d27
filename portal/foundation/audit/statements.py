"""What statements on whole sets of rows do, told row by row up to a number, and by number and digest beyond.

`session.execute(update(…))` goes past the session's own books, so the rows that a statement will touch are read before
it, locked as it will lock them, and read again after it where their new values are reckoned by the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Delete, Insert, Result, Table, Update, select, tuple_
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import ORMExecuteState

from portal.db import Base
from portal.foundation.audit.naming import key_in, key_of, own_name, shown
from portal.foundation.audit.rules import MANY, Act, Capture, Changes, digest, plain
from portal.foundation.audit.tables import left_out, told

Rows = Sequence[Any]


def carried_out(state: ORMExecuteState, waiting: list[Capture]) -> Any:
    """Carry the statement out and put what it did to `waiting`; None leaves it to the session, as nothing is told."""
    statement = state.statement
    name = getattr(getattr(statement, "table", None), "name", "")
    table = Base.metadata.tables.get(name)
    if table is None or not told(name):
        return None
    if isinstance(statement, Insert):
        return _inserted(state, statement, table, waiting)
    if isinstance(statement, Update) and _set_by(statement) and _set_by(statement) <= left_out(name):
        return None
    if isinstance(statement, Update | Delete):
        return _changed(state, statement, table, waiting)
    return None


def _set_by(statement: Update) -> set[str]:
    """The columns that an UPDATE sets, as far as the statement itself says so."""
    return set(_values(statement))


def _values(statement: Any) -> dict[str, Any]:
    """By column what a statement sets it to: a parameter, or an expression for the database to reckon."""
    values = getattr(statement, "_values", None) or {}
    return {_named(column): value for column, value in values.items()}


def _changed(
    state: ORMExecuteState, statement: Update | Delete, table: Table, waiting: list[Capture]
) -> Result[Any]:
    act = Act.CHANGE if isinstance(statement, Update) else Act.DELETE
    if isinstance(state.parameters, list):
        waiting.append(_many(act, table, state.parameters))
        return state.invoke_statement()
    # What still waits to be flushed belongs to what the statement finds.
    state.session.flush()
    before = _rows(state, statement, table)
    result = state.invoke_statement()
    if len(before) > MANY:
        values = {name: _said(table.columns[name], value) for name, value in _values(statement).items()}
        waiting.append(Capture(act, table.name, note={"count": _count(result, len(before)), "set": values}))
    elif isinstance(statement, Delete):
        waiting.extend(_told(act, table, row, {}) for row in before)
    else:
        after = _after(state, statement, table, before)
        waiting.extend(_told(act, table, row, now) for row, now in zip(before, after, strict=True))
    return result


def _rows(state: ORMExecuteState, statement: Update | Delete, table: Table) -> list[dict[str, Any]]:
    """The rows that the statement will touch, one more than are told one by one at most."""
    skipped, where = left_out(table.name), statement.whereclause
    wanted = [column for column in table.columns if column.name not in skipped]
    query = select(*wanted).limit(MANY + 1)
    if where is not None:
        query = query.where(where)
    # An UPDATE leaves alone what refers to the row, and so must what is locked for it.
    query = query.with_for_update(key_share=isinstance(statement, Update), of=table)
    found = state.session.connection().execute(query, state.parameters or {})
    return [dict(row) for row in found.mappings()]


def _after(
    state: ORMExecuteState, statement: Update, table: Table, before: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The same rows as the statement left them: by its values, or read again where the database reckoned them."""
    values = _values(statement)
    if values and all(isinstance(value, BindParameter) for value in values.values()):
        skipped = left_out(table.name)
        known = {name: value.value for name, value in values.items() if name not in skipped}
        return [{**row, **known} for row in before]
    keys = list(table.primary_key.columns)
    names = [column.name for column in keys]
    wanted = [table.columns[name] for name in (before[0] if before else names)]
    mine = [tuple(row[name] for name in names) for row in before]
    found = state.session.connection().execute(select(*wanted).where(tuple_(*keys).in_(mine))).mappings()
    by_key = {key_in(names, row): row for row in map(dict[str, Any], found)}
    return [by_key.get(key_in(names, row), row) for row in before]


def _told(act: Act, table: Table, before: dict[str, Any], after: dict[str, Any]) -> Capture:
    changes: Changes = {}
    for name, value in before.items():
        column, now = table.columns[name], after.get(name)
        if plain(value) != plain(now):
            changes[name] = (shown(column, value), shown(column, now))
    keys = [column.name for column in table.primary_key.columns]
    return Capture(act, table.name, key_in(keys, before), own_name({**before, **after}), changes)


def _inserted(state: ORMExecuteState, statement: Insert, table: Table, waiting: list[Capture]) -> Any:
    rows = _new_rows(state, statement)
    result: Any = state.invoke_statement()
    keys: list[str] = []
    if len(statement.exported_columns):
        # Whoever asked for what was made gets it still.
        frozen = result.freeze()
        result, made = frozen(), frozen().mappings().all()
        count = len(made)
        keys = _keys(table, made)
    else:
        count = len(rows) if isinstance(state.parameters, list) else _count(result, len(rows))
    if count and len(rows) == 1:
        waiting.append(_made(table, rows[0], keys[0] if keys else _made_key(result)))
    elif count:
        waiting.append(_many(Act.CREATE, table, rows, count))
    return result


def _new_rows(state: ORMExecuteState, statement: Insert) -> list[dict[str, Any]]:
    if isinstance(state.parameters, list):
        return [dict(row) for row in state.parameters]
    several: Any = statement._multi_values  # noqa: SLF001  there is no other way to ask
    if several:
        return [
            {_named(column): value for column, value in row.items()} for group in several for row in group
        ]
    given: Any = state.parameters or {}
    return [{**_values(statement), **given}]


def _named(column: Any) -> str:
    return str(getattr(column, "name", column))


def _keys(table: Table, made: Sequence[Any]) -> list[str]:
    names = [column.name for column in table.primary_key.columns]
    whole = [value for row in made for value in row.values() if isinstance(value, Base)]
    return [key_of(each) for each in whole] or [
        key_in(names, row) for row in made if all(name in row for name in names)
    ]


def _made_key(result: Any) -> str:
    try:
        key = result.inserted_primary_key
    except (AttributeError, InvalidRequestError):
        return ""
    return "-".join(str(part) for part in key) if key and None not in key else ""


def _made(table: Table, row: dict[str, Any], key: str) -> Capture:
    plainly = {name: _value(value) for name, value in row.items() if name in table.columns}
    skipped = left_out(table.name)
    changes: Changes = {
        name: (None, shown(table.columns[name], value))
        for name, value in plainly.items()
        if value is not None and name not in skipped
    }
    return Capture(Act.CREATE, table.name, key, own_name(plainly), changes)


def _many(act: Act, table: Table, rows: Sequence[Any], count: int | None = None) -> Capture:
    """One entry for many rows; how they hang together says the entry's own transaction."""
    skipped = left_out(table.name)
    seen = (
        {name: plain(_value(value)) for name, value in row.items() if name not in skipped} for row in rows
    )
    names = [name for row in rows[:3] if (name := own_name(dict(row)))]
    note = {"count": len(rows) if count is None else count, "digest": digest(seen)}
    return Capture(act, table.name, note={**note, "first": names} if names else note)


def _said(column: Column[Any], value: Any) -> Any:
    known = _value(value)
    return shown(column, known) if not isinstance(known, _Reckoned) else "…"


class _Reckoned:
    """A value that the database reckons."""


def _value(value: Any) -> Any:
    if isinstance(value, BindParameter):
        return value.value
    return _Reckoned() if hasattr(value, "compile") else value


def _count(result: Any, otherwise: int) -> int:
    """How many rows the database says it touched, where it says so."""
    count = getattr(result, "rowcount", -1)
    return count if count >= 0 else otherwise
