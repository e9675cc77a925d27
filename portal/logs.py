"""Log lines for those who run the portal: one event a line, ids instead of names, nothing personal.

Whatever a caller or an exception's text carries, identity numbers, phones and e-mail addresses are masked, and
fields that by their name hold something personal or secret are left out. What libraries log goes the same way, and
no text, wherever it came from, begins a line of its own or tells a terminal what to do.
"""

from __future__ import annotations

import logging
import re
import sys
import unicodedata
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, request

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

_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
"""Kinds of signs that no line shows as they are: controls, marks of direction, other ends of lines, halves of pairs."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9]\d{9}(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """The text with identity numbers, mobile phones and e-mail addresses replaced by ***."""
    for pattern in (_EMAIL, _IDENTITY, _PHONE):
        text = pattern.sub(MASK, text)
    return text


def one_line(text: str) -> str:
    """The text with every sign that ends a line, moves a cursor or turns the writing written out by its number."""
    return "".join(_written_out(sign) if unicodedata.category(sign) in _UNSEEN else sign for sign in text)


def _written_out(sign: str) -> str:
    return f"\\u{ord(sign):04x}"


def _harmless(name: str, value: Any) -> Any:
    """A field's value, masked; a trace keeps its lines, each but the first moved in, so that none looks like ours."""
    if not isinstance(value, str):
        return value
    lines = masked(value).split("\n") if name == "exception" else [masked(value)]
    return "\n  ".join(one_line(line) for line in lines)


def _mask(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {
        one_line(name): _harmless(name, value if _plain(value) else str(value))
        for name, value in event.items()
        if name.lower() not in SECRET
    }


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, str | bool | int | float)


class _Libraries(logging.Handler):
    """What Flask and other libraries say by the standard way, as lines of ours: one each, masked."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on."""
        try:
            level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
            said = structlog.get_logger()
            said.log(level, record.getMessage(), logger=record.name, exc_info=record.exc_info)
        except Exception:  # noqa: BLE001  a line that cannot be written stops nobody's work
            self.handleError(record)


def _broke(exc_info: Any) -> None:
    """Tell of a request that broke by its rule and numbers: an address may hold somebody's link or search."""
    numbers = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    structlog.get_logger(__name__).error(
        "a request broke", rule=str(request.url_rule), method=request.method, exc_info=exc_info, **numbers
    )


def init_app(app: Flask) -> None:
    """Write to standard error: JSON in production, for reading elsewhere; in tests nothing is changed."""
    app.log_exception = _broke  # type: ignore[method-assign]
    settings = app.config["REMIT"]
    if not settings.testing:
        configure(production=settings.production)


def configure(*, production: bool) -> None:
    """Let this process write its lines for machines, as in production, or for a person; the libraries' as well."""
    renderer: Any = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    if production:
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
    forget_libraries()
    logging.root.addHandler(_Libraries())


def forget_libraries() -> None:
    """What libraries say goes its own way again."""
    for other in [each for each in logging.root.handlers if isinstance(each, _Libraries)]:
        logging.root.removeHandler(other)
