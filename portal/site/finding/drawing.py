"""Rows of a list as pieces of a page, each drawn once.

How a row looks follows from what it says and in which language, so a piece is kept under just that: it cannot go
stale, and a page narrowed or sorted in another way shows the same pieces.
"""

from __future__ import annotations

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from portal.i18n import language
from portal.site.blueprint import site
from portal.site.finding.lines import Line

KEPT = 8192
"""So many pieces are kept in each process, about a kilobyte each."""


@site.app_template_global("drawn_row")
def drawn_row(row: Line) -> Markup:
    """A row (lines.lines) as it stands in a list of rows; one with words marked in it is drawn for this page alone."""
    if "marked" in row:
        return _draw(row)
    said = tuple(tuple(value) if isinstance(value, list) else value for value in row.values())
    return _drawn(language(), tuple(row), said)


@lru_cache(maxsize=KEPT)
def _drawn(_language: str, names: tuple[str, ...], said: tuple[object, ...]) -> Markup:
    return _draw(dict(zip(names, said, strict=True)))


def _draw(row: Line) -> Markup:
    macros = current_app.jinja_env.get_template("components/lists.html").module
    drawn: Markup = macros.matter_row(row)  # type: ignore[attr-defined]
    return drawn
