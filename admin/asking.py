"""What each address of the staff door asks for. Declared on the view, looked at by the door before the view runs.

Reading asks for any of the page's `access`, or the right to read everything. What changes something, and the forms
for it, say their rights with `@asks`; the door shuts out whatever says nothing, and `tests/rights` finds it. The verbs
ask again, with the record at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from portal.foundation.rights.rules import Right

READING = frozenset({"GET", "HEAD", "OPTIONS"})
EVERYBODY = frozenset(Right)
"""Any right at all: whoever is signed in."""

View = TypeVar("View", bound=Callable[..., Any])


def asks(*rights: Right, reading: bool = False) -> Callable[[View], View]:
    """Any one of these rights opens the view; with `reading`, a GET asks for no more than the page does."""

    def declared(view: View) -> View:
        view.asks, view.reading = frozenset(rights), reading  # type: ignore[attr-defined]
        return view

    return declared


def asks_to_change(view: View) -> View:
    """The right that the page declares as `change` opens the view."""
    view.asks, view.reading = None, False  # type: ignore[attr-defined]
    return view


def rights_to_read(page: Any) -> frozenset[Right]:
    """The rights of which one opens the page for reading."""
    return frozenset(page.access) if page.withheld else frozenset({*page.access, Right.READ_ALL})


def rights_asked(page: Any, name: str, method: str) -> frozenset[Right]:
    """The rights of which a request must have one to reach the page's view of this name; none when nobody may."""
    view = getattr(type(page), name)
    declared = hasattr(view, "asks")
    if method in READING and (not declared or view.reading):
        return rights_to_read(page)
    if not declared:
        return frozenset()
    return frozenset({page.change}) if view.asks is None else view.asks
