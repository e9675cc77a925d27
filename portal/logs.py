"""Log lines for those who run the portal: one event a line, ids instead of names, nothing personal.

Whatever a caller or an exception's text carries, identity numbers, phones and e-mail addresses are masked, and
fields that by their name hold something personal or secret are left out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask

MASK = "***"

SECRET = frozenset(
    {
        "name",
        "login",
        "email",
        "phone",
        "recipient",
        "address",
        "password",
        "token",
        "cookie",
        "authorization",
    }
)
"""Fields that are never logged, whatever they hold."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """The text with identity numbers, mobile phones and e-mail addresses replaced by ***."""
    for pattern in (_EMAIL, _IDENTITY, _PHONE):
        text = pattern.sub(MASK, text)
    return text


def _mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        key: masked(value) if isinstance(value, str) else value
        for key, value in event.items()
        if key.lower() not in SECRET
    }


def init_app(app: Flask) -> None:
    """Write to standard error: JSON in production, for reading elsewhere; in tests nothing is changed."""
    settings = app.config["REMIT"]
    if settings.testing:
        return
    renderer: Any = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    if settings.production:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,
            renderer,
        ],
        # Looked up for each logger: who runs the portal may have put another stream in its place meanwhile.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
