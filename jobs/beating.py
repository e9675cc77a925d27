"""Signs of life while something long is at work, from a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import OperationalError

from portal.db import db

log = structlog.get_logger(__name__)


@contextmanager
def beating(keep: Callable[[], None], lost: type[Exception], pause: timedelta) -> Iterator[None]:
    """Call `keep` and commit again and again, `pause` apart, until the block ends or `keep` raises `lost`."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the documented way
    stop = threading.Event()
    beat = threading.Thread(target=_beat, args=(app, keep, lost, pause, stop), daemon=True)
    beat.start()
    try:
        yield
    finally:
        stop.set()
        beat.join()


def _beat(
    app: Flask, keep: Callable[[], None], lost: type[Exception], pause: timedelta, stop: threading.Event
) -> None:
    while not stop.wait(pause.total_seconds()):
        with app.app_context():
            try:
                keep()
                db.session.commit()
            except lost:
                return
            except OperationalError:
                # The work may hold the database for long; what it commits itself keeps the hold as well.
                log.info("a beat was missed")
