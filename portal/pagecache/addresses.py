"""Which page an address names: its path, and of its parameters only those that the view knows, in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

Choices = Mapping[str, frozenset[str] | None]
"""Parameters in their order, each with the values that mean something; None for any."""


def canonical(query: str, own: Sequence[str], carried: Choices) -> str:
    """A query string with what the view knows: `own` in that order, then what all pages carry.

    `query` is as WSGI gives it (bytes as Latin-1); the answer is plain ASCII. Empty and repeated values fall
    away; values of one name keep their order, since the first may count.
    """
    if not query:
        return ""
    read = parse_qsl(query.encode("latin-1", "replace").decode("utf-8", "replace"), errors="replace")
    given: dict[str, dict[str, None]] = {}
    for name, value in read:
        given.setdefault(name, {})[value] = None
    pairs = [(name, value) for name in own for value in given.get(name, ())]
    for name, values in carried.items():
        if name in own:
            continue
        said = next(iter(given.get(name, ())), "")
        if said and (values is None or said in values):
            pairs.append((name, said))
    return urlencode(pairs)
