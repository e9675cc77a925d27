"""The pages that show a list whole: its matrix and its figures; and the places on a map of tiles."""

from __future__ import annotations

from flask import abort

from portal import clock
from portal.address import knows, place_code
from portal.site import editions
from portal.site.blueprint import page, site
from portal.site.files import downloads
from portal.site.local import Local
from portal.site.seeing import figures, grid, matrix, paging, tilemap


@site.get("/lists/<slug>/matrix")
@knows("mode", "type", "department", "place", "differing", "page")
def list_matrix(slug: str) -> str:
    """A list as a table of matter by place, coloured and lettered by mode; narrowed by a plain form."""
    local = Local(clock.today())
    edition = editions.current_of(slug, local.day) or abort(404)
    shown = matrix.make(edition, grid.read(edition, local), matrix.asked(paging.number()))
    pages = paging.neighbours(shown.wanted.page, shown.last)
    return page(
        "site/matrix.html",
        edition=edition,
        matrix=shown,
        **matrix.parts(shown),
        pages=pages,
        files=downloads(edition),
        here=edition.place(place_code()),
    )


@site.get("/lists/<slug>/figures")
def list_figures(slug: str) -> str:
    """How many matters a list hands down by mode, type and department, and which answers each place has."""
    local = Local(clock.today())
    edition = editions.current_of(slug, local.day) or abort(404)
    here = edition.place(place_code())
    lines = grid.read(edition, local)
    return page(
        "site/figures.html",
        edition=edition,
        here=here,
        total=len(lines),
        figures=figures.every(edition, lines, here, local),
        spread=figures.spread(edition, lines),
    )


@site.get("/places")
def places() -> str:
    """Every place as a tile roughly where it lies, with how many matters can be begun there, and as a table."""
    local = Local(clock.today())
    current = editions.current(local.day)
    return page("site/places.html", current, maps=tilemap.every(current, local))
