"""The application with a page cache, as in real life: real commits and a data folder of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient

from portal.config import Settings
from portal.db import db
from portal.foundation.siteversion import queries as siteversion
from portal.pagecache.cache import PageCache
from portal.pagecache.wiring import STAMP
from tests.fixtures.databases import empty, migrate
from tests.fixtures.doors import Application
from tests.lists.making import City, make_city, make_list, publish, row, take_over
from wsgi import compose

LIMIT = 1024 * 1024
HOST = "remit.example.gov.cn"


@pytest.fixture(scope="module")
def kept_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a page cache and, as in production, only the site's own names.

    On SQLite alone: what is asked of it here is no matter of the database. test_staleness.py asks both.
    """
    folder = tmp_path_factory.mktemp("kept")
    database = f"sqlite:///{folder / 'remit.db'}"
    migrate(database, folder)
    return Settings(
        environment="test",
        testing=True,
        database_url=database,
        data_dir=folder,
        page_cache=LIMIT,
        trusted_hosts=(HOST, "localhost", "127.0.0.1"),
    )


@pytest.fixture(scope="module")
def kept_app(kept_settings: Settings) -> Iterator[Application]:
    application = compose(kept_settings)
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def published(kept_app: Application) -> Iterator[City]:
    """A city with a list of two matters that was published once; tests only read it."""
    with kept_app.app_context():
        made = make_city()
        power_list = make_list(made)
        rows = [
            row(1, "企业投资项目备案"),
            row(2, "城市建筑垃圾处置核准", department="市住建局", mode="review"),
        ]
        take_over(made, power_list, rows)
        publish(made, power_list)
        # On SQLite an open transaction, even of a reader, keeps all others waiting.
        db.session.rollback()
        yield made
        db.session.remove()
        empty(db.engine)


@pytest.fixture
def cached(kept_app: Application, published: City) -> Application:
    """The application with nothing in its cache."""
    with kept_app.app_context():
        version = siteversion.number()
    for told in (version + 1, version):
        kept_app.extensions[STAMP].tell(told)
    return kept_app


@pytest.fixture
def reader(cached: Application) -> FlaskClient:
    return cached.test_client()


@pytest.fixture
def made(cached: Application) -> Iterator[list[str]]:
    """The paths that Flask was asked for, in order: what came from memory is not among them."""
    paths: list[str] = []

    def note(_app: Flask, **_: object) -> None:
        paths.append(request.full_path.rstrip("?"))

    with request_started.connected_to(note, cached):
        yield paths


@pytest.fixture
def pages(cached: Application) -> PageCache:
    """The page cache itself."""
    found = cached.wsgi_app
    assert isinstance(found, PageCache)
    return found
