"""A code to be read with a telephone, so that a printed page leads back to its address."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup

from portal.address import absolute
from portal.site.blueprint import site

MOST = 256
"""So many codes are kept drawn."""


@site.app_template_global("code_of")
def code_of(path: str) -> dict[str, str | Markup]:
    """The code of a path of ours as SVG, and the address in words beside it."""
    address = absolute(path)
    return {"address": address, "drawing": drawing(address)}


@lru_cache(MOST)
def drawing(address: str) -> Markup:
    """The code as SVG without style or script; it is hidden from voices, since the address stands beside it."""
    made = segno.make_qr(address, error="m")
    svg = made.svg_inline(scale=1, border=2, omitsize=True, svgclass="code__drawing", lineclass=None)
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704  its own words are numbers
