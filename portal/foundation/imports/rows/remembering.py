"""What one reading of a table has looked up already: thousands of rows name the same few places, matters and bodies.

Only what no row of the kind can change is remembered, and no longer than the reading lasts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from portal.foundation.organisations.spellings import kept

Found = TypeVar("Found")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("found", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember within the block what `once` looks up, and the names of bodies."""
    token = _found.set({})
    try:
        with kept():
            yield
    finally:
        _found.reset(token)


def once(key: Hashable, look: Callable[[], Found]) -> Found:
    """What `look` gives, looked up a single time for a key within a reading. A refusal is not remembered."""
    found = _found.get()
    if found is None:
        return look()
    if key not in found:
        found[key] = look()
    value: Found = found[key]
    return value
