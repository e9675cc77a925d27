"""What every template needs of the look: component macros, static addresses, the site's own facts."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, url_for
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

DIGITS = 12


@cache
def _digest(path: Path, stamp: int) -> str:
    del stamp  # part of the key only: a rebuilt file gets a new address without a restart
    return sha256(path.read_bytes()).hexdigest()[:DIGITS]


def asset(name: str) -> str:
    """The address of a static file, with its content's digest so that it may be cached for ever.

    `name` is relative to `static/`, e.g. `dist/app.css`. Raises FileNotFoundError.
    """
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_digest(path, path.stat().st_mtime_ns))


def init_app(app: Flask) -> None:
    """Give the templates the GOV.UK macros, `asset()` and the site's settings as `site`."""
    loader = app.jinja_loader
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([loader, govuk] if loader else [govuk])
    app.add_template_global(asset, "asset")
    app.add_template_global(app.config["REMIT"].site, "site")
