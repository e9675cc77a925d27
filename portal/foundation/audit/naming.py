"""How the record names a row: by its key, and by what it was called then, from what is already loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.orm import MANYTOONE

from portal import logs
from portal.foundation.audit.rules import hidden, plain
from portal.foundation.audit.tables import masked

NAMES = ("title", "name", "label", "login", "text", "code", "key", "ref")
"""Columns that hold what people call a row, the likeliest first."""

PARENTS = 2


def shown(column: Column[Any], value: Any) -> Any:
    """A column's value as the record shows it: personal ones and secrets hidden, in texts what looks like one."""
    if masked(column):
        return hidden(value)
    return plain(value) if column.info.get("personal") is False else veiled(plain(value))


def veiled(value: Any) -> Any:
    """A plain value whose texts show no identity number, mobile phone or e-mail address."""
    if isinstance(value, str):
        return logs.masked(value)
    if isinstance(value, dict):
        return {key: veiled(each) for key, each in value.items()}
    return [veiled(each) for each in value] if isinstance(value, list) else value


def key_of(row: Any) -> str:
    """The row's primary key as text; the parts of a composite one with a dash between."""
    state = inspect(row)
    columns = (state.mapper.get_property_by_column(each).key for each in state.mapper.primary_key)
    return "-".join(str(state.dict.get(key)) for key in columns)


def key_in(columns: list[str], values: Mapping[str, Any]) -> str:
    """The same from a row's values by column."""
    return "-".join(str(values[name]) for name in columns)


def name_of(row: Any) -> str:
    """What the row is called; for one without a name of its own, its parents that are loaded."""
    state = inspect(row)
    own = own_name(state.dict)
    if own:
        return own
    found = []
    for relation in state.mapper.relationships:
        parent = state.dict.get(relation.key) if relation.direction is MANYTOONE else None
        if parent is not None and (name := own_name(inspect(parent).dict)) and name not in found:
            found.append(name)
    return " · ".join(found[:PARENTS])


def own_name(values: Mapping[str, Any]) -> str:
    """The first of the usual names that has a text."""
    return next((text for name in NAMES if isinstance(text := values.get(name), str) and text), "")[:255]
