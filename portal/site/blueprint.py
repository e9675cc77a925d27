"""The public blueprint: what every public page is asked before and given after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request

from portal import clock
from portal.address import controlled, forget_place, place_code
from portal.site import editions
from portal.site.editions import Edition

site = Blueprint("site", __name__, template_folder="templates")


@site.before_request
def refuse_control_characters() -> None:
    """No name here holds a control character, and PostgreSQL takes no NUL: such an address is nobody's."""
    texts = [request.path, *request.args.keys(), *(value for _key, value in request.args.items(multi=True))]
    if any(map(controlled, texts)):
        abort(400)


def page(template: str, current: Sequence[Edition] | None = None, **shown: Any) -> str:
    """A page with what every page shows: the chosen place and the places to choose from.

    Answers 404 when the address names a place that no list reaches.
    """
    current = editions.current(clock.today()) if current is None else current
    place = editions.place_named(current, place_code())
    if place is None and request.args.get("at"):
        forget_place()
        abort(404, description="place")
    shown.setdefault("place", place)
    return render_template(template, editions=current, place_groups=editions.reaches(current), **shown)
