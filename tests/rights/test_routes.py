"""Every address of the staff door says what it asks (ARCHITECTURE 3.9)."""

from __future__ import annotations

from admin.asking import READING, rights_asked
from admin.pages import PAGES

OPEN = {"sign-in"}
"""Pages that strangers reach."""


def routes(app):
    """(page, name of the view, methods) of every address of the staff door."""
    door = app.extensions["admin"][0]
    for page in door._views:
        for _address, name, methods in page._urls:
            yield page, name, frozenset(methods)


def test_every_address_asks_for_a_right(app):
    pages = {type(page) for page, _name, _methods in routes(app)}
    assert set(PAGES) <= pages
    silent = [
        f"{page.key}.{name} {method}"
        for page, name, methods in routes(app)
        for method in methods
        if not rights_asked(page, name, method)
    ]
    assert silent == []


def test_what_changes_something_says_so_itself(app):
    silent = [
        f"{page.key}.{name}"
        for page, name, methods in routes(app)
        if methods - READING and not hasattr(getattr(type(page), name), "asks")
    ]
    assert silent == []
