"""Putting the page cache in front of an application, and telling it what was published."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from portal.config import SettingsError
from portal.db import db
from portal.pagecache.cache import READING, VERSION, PageCache
from portal.pagecache.freshness import Freshness
from portal.pagecache.stamp import Stamp, stamp_path

STAMP = "remit_stamp"

TELL_NOTHING = ("static", "health.alive")
"""Endpoints whose answers show nothing of the database, and must not wait for it."""


def init_app(
    app: Flask,
    blueprints: tuple[str, ...],
    number: Callable[[], int],
    number_apart: Callable[[Engine], int],
) -> None:
    """Keep the pages of these blueprints in front of the application, REMIT_PAGE_CACHE bytes of them.

    `number` reads the site's version in the running transaction, `number_apart` on a connection of its own. Raises
    SettingsError when the data folder cannot be written. Comes after everything that answers requests.
    """
    settings = app.config["REMIT"]
    freshness = None
    if settings.page_cache and not settings.debug:
        try:
            stamp = Stamp(stamp_path(settings.data_dir, settings.database_url))
        except OSError as error:
            raise SettingsError(f"不能写入 {settings.data_dir}：{error.strerror}") from error
        with app.app_context():
            engine = db.engine
        freshness = Freshness(stamp, lambda: number_apart(engine), settings.page_cache)
        app.extensions[STAMP] = stamp
        _tell_with_answers(app, stamp, number)
    app.wsgi_app = PageCache(app, blueprints, freshness)  # type: ignore[method-assign]


def tell(app: Flask, number: int) -> None:
    """A transaction that counted has been committed with this version: no older page is given out from here on."""
    if stamp := app.extensions.get(STAMP):
        stamp.tell(number)


def _tell_with_answers(app: Flask, stamp: Stamp, number: Callable[[], int]) -> None:
    """Whoever is shown something new, has every process of this machine know of it first.

    So nobody is told 已公布 by a page while another process still gives out the old one, whoever published it, on
    whichever machine, and whatever became of the worker since.
    """

    @app.after_request
    def tell_first(response: Response) -> Response:
        if request.method in READING and request.endpoint not in TELL_NOTHING:
            try:
                version = number()
            except SQLAlchemyError:
                db.session.rollback()
            else:
                stamp.tell(version)
                request.environ[VERSION] = version
        return response
