"""What a public address carries from page to page: language, place, large type and high contrast.

`?lang=en`, `?at=<place code>`, `?text=large` and `?contrast=high` stay in every link of the public pages, so that
a page is a function of its address alone and no cookie is needed (ARCHITECTURE 1.1). The usual (Chinese, no
place, normal type, usual colours) is written by leaving the parameter out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, g, has_request_context, request

from portal.i18n import DEFAULT, TAGS, language

PUBLIC = "site."
"""Endpoints whose links carry the parameters."""

CARRIED: Mapping[str, frozenset[str] | None] = {
    "lang": frozenset(TAGS) - {DEFAULT},
    "at": None,
    "text": frozenset({"large"}),
    "contrast": frozenset({"high"}),
}
"""What every public address may say, in the order of writing it, with the values that mean something; None for any."""

View = TypeVar("View", bound=Callable[..., Any])

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PLACE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")


def knows(*names: str) -> Callable[[View], View]:
    """Declare which parameters of the address a public view reads, besides those that all carry.

    Stands between the route and the function. Nothing else in an address may change the page.
    """

    def declare(view: View) -> View:
        view.known_parameters = names  # type: ignore[attr-defined]
        return view

    return declare


def controlled(text: str) -> bool:
    """Whether a text holds a control character, which nothing of ours has and PostgreSQL does not always take.

    Other invisible signs are what people type and paste: full-width spaces, joined emoji, marks of direction.
    """
    return bool(_CONTROL.search(text))


def place_code() -> str | None:
    """The place that the address names, as written there; None without one or when it cannot be a code."""
    if not has_request_context() or g.get("place_unknown", False):
        return None
    code = request.args.get("at", "")
    return code if _PLACE.fullmatch(code) else None


def forget_place() -> None:
    """Carry the place no further: there is none of that code."""
    g.place_unknown = True


def large_type() -> bool:
    """Whether the address asks for large type."""
    return has_request_context() and request.args.get("text") == "large"


def high_contrast() -> bool:
    """Whether the address asks for black and white with the strongest contrast."""
    return has_request_context() and request.args.get("contrast") == "high"


def carried(*without: str) -> dict[str, str]:
    """The parameters that links of this request carry; what is usual, or named in `without`, is left out."""
    kept = {}
    if language() != DEFAULT:
        kept["lang"] = language()
    if code := place_code():
        kept["at"] = code
    if large_type():
        kept["text"] = "large"
    if high_contrast():
        kept["contrast"] = "high"
    return {name: value for name, value in kept.items() if name not in without}


def current_address(**changes: Any) -> str:
    """This page's own address with some parameters changed; None takes one out.

    What a public page does not know is left out; staff pages, which nobody keeps, do not say what they know and get
    everything back. Works for addresses without a page too, because the error page has the same switches.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    given = request.args.to_dict(flat=False)
    if view is None or hasattr(view, "known_parameters"):
        known = {*getattr(view, "known_parameters", ()), *CARRIED}
        given = {name: values for name, values in given.items() if name in known}
    query: dict[str, Any] = {**given, **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    path = request.script_root + request.path
    return f"{path}?{urlencode(kept, doseq=True)}" if kept else path


def absolute(path: str) -> str:
    """A path of ours with its host, for readers outside a page: REMIT_PUBLIC_URL, else the host that was asked.

    Only trusted hosts are answered (REMIT_TRUSTED_HOSTS), so no stranger's host gets into what others read.
    """
    root: str = current_app.config["REMIT"].public_url or request.host_url
    return root.rstrip("/") + path


def _carry(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith(PUBLIC):
        for name, value in carried().items():
            values.setdefault(name, value)


def init_app(app: Flask) -> None:
    """Let `url_for` carry the parameters, and give the templates what the switches need."""
    app.url_defaults(_carry)
    app.add_template_global(absolute, "absolute")
    app.add_template_global(carried, "carried")
    app.add_template_global(current_address, "current_address")
    app.add_template_global(large_type, "large_type")
    app.add_template_global(high_contrast, "high_contrast")
