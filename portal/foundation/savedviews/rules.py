"""Which parameters a view keeps, and how they are written."""

from __future__ import annotations

from collections.abc import Container, Iterable
from urllib.parse import parse_qsl, urlencode

LONGEST_NAME = 40
MOST_VIEWS = 20
"""So many views may one person keep for one page."""
MOST_PAIRS = 40
LONGEST_VALUE = 200

Pairs = list[tuple[str, str]]


def cleaned(pairs: Iterable[tuple[str, str]], known: Container[str]) -> Pairs:
    """Of an address's parameters those that the page knows and that say something, each once, in their order."""
    fitting = (
        (name, value)
        for name, value in pairs
        if name in known and value.strip() and len(value) <= LONGEST_VALUE and "\0" not in value
    )
    return list(dict.fromkeys(fitting))[:MOST_PAIRS]


def written(pairs: Pairs) -> str:
    """The parameters as a query string, as they are kept."""
    return urlencode(pairs)


def read(parameters: str, known: Container[str]) -> Pairs:
    """The parameters of a query string that the page knows today; whatever is odd in it is left out."""
    try:
        pairs = parse_qsl(parameters, max_num_fields=1000)
    except ValueError:
        return []
    return cleaned(pairs, known)
