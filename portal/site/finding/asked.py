"""What the address of a list asks for: words, choices, order, and where in the list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request

from portal.address import current_address
from portal.powers.lists.cube.rules import Facet, Order

GROUPS = (Facet.MODE, Facet.TYPE, Facet.DEPARTMENT, Facet.STATUS)
"""The groups of choices in their order; each is a parameter of the address, and more than one may be chosen."""
PARAMETERS = ("q", *(group.value for group in GROUPS), "sort", "after", "before", "page", "view")
FROM_START = dict.fromkeys(("after", "before", "page", "view"))
LONGEST = 100
"""Characters of a query that are read; names are shorter."""
LARGEST_PAGE = 99999


@dataclass(frozen=True)
class Asked:
    """What a reader asked of a list's rows.

    Groups without a choice are left out of `chosen`; without an order the best hits come first, and without
    words the list's own order holds. `after` and `before` are cursors as the address writes them.
    """

    query: str = ""
    chosen: Mapping[Facet, frozenset[str]] = field(default_factory=dict)
    order: Order | None = None
    after: str = ""
    before: str = ""
    page: int = 1
    as_table: bool = False


def asked() -> Asked:
    """What the address asks; answers 404 for an order, a page or a view that there is not."""
    said = request.args
    order = said.get("sort", "")
    if order and order not in set(Order):
        abort(404)
    if said.get("view", "table") != "table" or (said.get("after") and said.get("before")):
        abort(404)
    return Asked(
        query=said.get("q", "").strip()[:LONGEST],
        chosen={group: frozenset(values) for group in GROUPS if (values := said.getlist(group.value))},
        order=Order(order) if order else None,
        after=said.get("after", ""),
        before=said.get("before", ""),
        page=_page(said.get("page", "1")),
        as_table="view" in said,
    )


def _page(said: str) -> int:
    """Pages had numbers before they had cursors, and those addresses still work."""
    if not (said.isascii() and said.isdigit() and 0 < len(said) <= len(str(LARGEST_PAGE)) and int(said)):
        abort(404)
    return int(said)


def address(**changes: Any) -> str:
    """This list's address with something else asked, from the beginning; None takes a parameter out."""
    # A form also sends what was left empty.
    empty = dict.fromkeys((name for name, value in request.args.items() if not value))
    return current_address(**{**empty, **FROM_START, **changes})
