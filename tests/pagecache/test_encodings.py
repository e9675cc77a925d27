from __future__ import annotations

import gzip

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pagecache.encodings import OURS, chosen, pressed, unpressed
from portal.pagecache.pages import Page
from portal.pagecache.tags import held, tag_of

HTML = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, no-cache")]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP", "gzip"),
        ("deflate", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0.8, gzip;q=0.8", "br"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=nothing", "identity"),
        ("gzip;q=7", "identity"),
        ("br ; q = 1", "br"),
        ("br" + "," * 300, "identity"),
    ],
)
def test_a_reader_gets_what_it_likes_best(accepted, coding):
    assert chosen(accepted) == coding


@given(st.text(max_size=60))
def test_any_header_has_an_answer(accepted):
    assert chosen(accepted) in OURS


@given(st.binary(max_size=2000))
def test_nothing_is_lost(body):
    assert brotli.decompress(pressed(body, "br")) == gzip.decompress(pressed(body, "gzip")) == body
    for coding in OURS:
        assert unpressed(pressed(body, coding), coding) == body
        assert pressed(body, coding) == pressed(body, coding)


@pytest.mark.parametrize(
    "order", [("br", "gzip", "identity"), ("identity", "gzip", "br"), ("gzip", "identity")]
)
def test_a_page_counts_its_bytes_and_gives_each_coding(order):
    body = "事项".encode() * 5000
    page = Page(HTML, body)
    size = page.size - len(body)
    for coding in order:
        variant, more = page.press(coding)
        page.size += more
        assert unpressed(variant.body[0], coding) == body
        assert dict(variant.headers).get("Content-Encoding", "identity") == coding
        assert dict(variant.headers)["Content-Length"] == str(len(variant.body[0]))
        assert dict(variant.headers)["ETag"] == page.tag
    held_now = {len(variant.body[0]) for variant in page.variants.values()}
    assert page.size == size + sum(held_now)


def test_what_is_small_or_not_text_is_left_as_it_is():
    for headers, body in ((HTML, b"x" * 50), ([("Content-Type", "image/png")], b"x" * 5000)):
        variant, more = Page(headers, body).press("br")
        assert variant.body == [body]
        assert "Content-Encoding" not in dict(variant.headers)
        assert more == 0


def test_a_tag_is_of_what_is_answered():
    assert tag_of(b"a", "text/html") == tag_of(b"a", "text/html")
    assert len({tag_of(b"a", "text/html"), tag_of(b"b", "text/html"), tag_of(b"a", "text/plain")}) == 3


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ('W/"a1"', True),
        ('"a1"', True),
        ("*", True),
        (" * ", True),
        ('"x", W/"a1"', True),
        ('"x","a1" , "y"', True),
        ('"x,a1"', False),
        ('"a11"', False),
        ("a1", False),
        ("", False),
        ('"x", *', False),
        ('"x",' * 2000 + '"a1"', False),
    ],
)
def test_tags_are_compared_as_weak_ones(asked, holds):
    assert held(asked, 'W/"a1"') is holds
