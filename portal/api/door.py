"""The door of the read API."""

from __future__ import annotations

from flask import Flask
from flask_limiter.errors import RateLimitExceeded

from portal.api import (
    answers,
    blueprint,
    changes,
    description,
    documentation,
    limits,
    linked,
    lists,
    matters,
    memoranda,
    organisations,
    places,
    revisions,
)

VIEWS = (
    places,
    organisations,
    lists,
    revisions,
    matters,
    answers,
    memoranda,
    changes,
    linked,
    description,
    documentation,
)
"""The modules whose import hangs their addresses on the blueprints."""

blueprint.api.register_error_handler(RateLimitExceeded, limits.exceeded)


def init_app(app: Flask) -> None:
    """Open it."""
    blueprint.init_app(app)
