from __future__ import annotations

import pytest
from flask import Blueprint, Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from portal import address, i18n


@pytest.fixture(scope="module")
def small():
    app = Flask("addresses")
    i18n.init_app(app)
    address.init_app(app)
    site = Blueprint("site", "addresses")
    site.add_url_rule("/page/<int:number>", "page", address.knows("mode")(lambda number: f"{number}"))
    app.register_blueprint(site)
    app.add_url_rule("/other", "other", lambda: "")
    return app


def test_links_carry_language_place_type_and_contrast(small):
    with small.test_request_context("/page/1?contrast=high&lang=en&at=370826&text=large&q=x"):
        assert url_for("site.page", number=2) == "/page/2?lang=en&at=370826&text=large&contrast=high"
        assert url_for("other") == "/other"
        assert url_for("static", filename="a.css") == "/static/a.css"


def test_what_is_usual_or_senseless_is_left_out(small):
    with small.test_request_context("/page/1?lang=zh_CN&at=../x&text=small&contrast=low"):
        assert url_for("site.page", number=2) == "/page/2"


def test_a_link_may_name_another_place_or_none(small):
    with small.test_request_context("/page/1?at=370826"):
        assert url_for("site.page", number=2, at="370811") == "/page/2?at=370811"
        assert url_for("site.page", number=2, at=None) == "/page/2"


def test_switches_keep_everything_that_the_page_knows(small):
    with small.test_request_context("/page/1?mode=direct&mode=window&at=370826&junk=1"):
        assert address.current_address(lang="en") == "/page/1?mode=direct&mode=window&at=370826&lang=en"
        assert address.current_address(at=None, mode=None) == "/page/1"


def test_pages_that_declare_nothing_get_everything_back(small):
    """As those of the staff door: a list's next page keeps what it was narrowed by."""
    with small.test_request_context("/other?unit=3&kind=a&kind=b&page=2"):
        assert address.current_address(page=3) == "/other?unit=3&kind=a&kind=b&page=3"
    with small.test_request_context("/nowhere?unit=3&lang=en"):
        assert address.current_address(at=None) == "/nowhere?lang=en"


@given(st.text(max_size=40))
def test_a_place_code_is_short_and_plain(text):
    app = Flask("codes")
    with app.test_request_context("/", query_string={"at": text}):
        code = address.place_code()
    assert code is None or (code == text and len(code) <= 32 and code.isascii() and '"' not in code)
