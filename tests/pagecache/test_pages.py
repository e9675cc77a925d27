"""What is kept and what is not, and that nothing of one reader is in what another gets."""

from __future__ import annotations

from dataclasses import replace
from random import randbytes
from urllib.parse import unquote

import brotli
import pytest
from flask import make_response, session
from werkzeug.test import EnvironBuilder

from portal.address import knows
from portal.db import db
from portal.pagecache import freshness
from portal.pagecache.cache import PageCache, keepable
from portal.site.blueprint import site
from tests.pagecache.conftest import HOST, LIMIT
from wsgi import compose

LIST = "/lists/liaocheng-2020"
PUBLIC = {"Content-Type": "text/html", "Cache-Control": "public, no-cache", "Content-Length": "9"}


def kept(pages):
    """The pages on the shelf."""
    return pages._freshness.epoch().shelf


def as_sent(reader, address):
    """The answer to an address that no client puts in order first."""
    path, _, query = address.partition("?")
    sent = {"PATH_INFO": unquote(path, "latin-1"), "QUERY_STRING": query}
    return reader.get("/", environ_overrides=sent)


# Kept, once


def test_a_page_is_made_once(reader, made):
    first = reader.get(LIST)
    again = reader.get(LIST)
    assert made == [LIST]
    assert again.data == first.data
    assert again.headers.to_wsgi_list() == first.headers.to_wsgi_list()
    assert "企业投资项目备案" in again.text


def test_the_usual_answers_need_no_proper_look(reader, pages, monkeypatch):
    # However slow the machine is.
    monkeypatch.setattr(freshness, "PERIOD", 1000)
    accepted = {"Accept-Encoding": "gzip, deflate, br, zstd"}
    first = reader.get(LIST, headers=accepted)
    monkeypatch.setattr(PageCache, "_answered", None)
    again = reader.get(LIST, headers=accepted)
    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers.to_wsgi_list() == first.headers.to_wsgi_list()
    held = reader.get(LIST, headers={**accepted, "If-None-Match": first.headers["ETag"]})
    assert (held.status_code, held.data, held.headers["ETag"]) == (304, b"", first.headers["ETag"])
    for unusual in ({"headers": {"Accept-Encoding": "gzip"}}, {"method": "HEAD"}, {"query_string": "x=1"}):
        with pytest.raises(TypeError):
            reader.open(LIST, **unusual)


def test_unknown_parameters_neither_reach_the_page_nor_fill_the_cache(reader, made, pages):
    first = reader.get(f"{LIST}?at=371502&mode=direct")
    size = kept(pages).total
    for query in ("mode=direct&at=371502", "utm=<b>7", "mode=direct&at=371502&x=1&x=2", "Mode=1&at[]=2"):
        answer = reader.get(f"{LIST}?{query}{'' if 'at=371502' in query else '&at=371502&mode=direct'}")
        assert answer.data == first.data
    assert "utm" not in first.text
    assert len(made) == 1
    assert (len(kept(pages)), kept(pages).total) == (1, size)


def test_slashes_at_the_beginning_make_no_other_page(reader, made, pages):
    wanted = reader.get(LIST).data
    assert [as_sent(reader, "/" * count + LIST).data for count in (1, 2, 9)] == [wanted] * 3
    assert (len(made), len(kept(pages))) == (1, 1)


def test_languages_and_places_are_pages_of_their_own(reader, made):
    addresses = [LIST, f"{LIST}?lang=en", f"{LIST}?at=371502", f"{LIST}?text=large", f"{LIST}?contrast=high"]
    assert len({reader.get(address).data for address in (*addresses, *addresses)}) == len(addresses)
    assert len(made) == len(addresses)


def test_the_shelf_stays_below_its_limit(cached, reader, pages, monkeypatch):
    @knows("q")
    def noise():
        return make_response(randbytes(9000).hex())

    monkeypatch.setitem(cached.view_functions, f"{site.name}.home", noise)
    for number in range(400):
        reader.get(f"/?q=备案{number}")
    assert 0 < kept(pages).total <= LIMIT
    assert len(kept(pages)) < 400


def test_a_page_with_an_endless_address_is_given_and_not_kept(reader, made, pages):
    address = f"/search?q={'备' * 200}"
    assert reader.get(address).status_code == reader.get(address).status_code == 200
    assert len(made) == 2
    assert len(kept(pages)) == 0


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        f"{LIST}/nothing",
        f"{LIST}?at=nowhere",
        f"{LIST}?page=0",
        "/lists/%00",
        "/lists//",
        "/lists/",
        "/staff/",
        "/staff/sign-in/",
    ],
)
def test_nothing_else_is_kept(reader, made, pages, address):
    statuses = [as_sent(reader, address).status_code for _turn in range(2)]
    assert statuses[0] == statuses[1]
    assert len(made) == 2
    assert len(kept(pages)) == 0


# Leaks


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "a=b"},
        {"Cache-Control": "public, private"},
        {"Cache-Control": "no-store, public"},
        {"Cache-Control": "no-cache"},
        {"Cache-Control": ""},
        {"Vary": "Cookie"},
        {"Vary": "HX-Request, Accept"},
        {"Vary": "*"},
        {"ETag": '"own"'},
        {"Content-Range": "bytes 0-1/2"},
        {"RateLimit": "x"},
        {"X-RateLimit-Limit": "1"},
        {"WWW-Authenticate": "Basic"},
    ],
)
def test_an_answer_for_one_reader_is_not_kept(headers):
    assert keepable("200 OK", [*PUBLIC.items()])
    assert not keepable("200 OK", [*{**PUBLIC, **headers}.items()])


def test_a_page_that_asks_who_reads_it_is_not_kept(cached, reader, made, pages, monkeypatch):
    monkeypatch.setitem(cached.view_functions, f"{site.name}.home", lambda: str(session.get("anything")))
    assert reader.get("/").text == reader.get("/").text == "None"
    assert made == ["/", "/"]
    assert len(kept(pages)) == 0


def test_only_a_whole_good_answer_is_kept():
    for status in ("206 PARTIAL CONTENT", "301 MOVED", "404 NOT FOUND", "500 OH"):
        assert not keepable(status, [*PUBLIC.items()])
    assert not keepable("200 OK", [pair for pair in PUBLIC.items() if pair[0] != "Content-Length"])


@pytest.fixture
def curious(cached, monkeypatch):
    """The home page replaced by one that shows all that a view could know of its reader."""

    @knows("q")
    def view():
        from flask import request

        told = (request.headers, request.cookies, request.args, request.authorization, request.remote_user)
        return make_response(f"{told} {request.host_url} {request.data} {request.content_type}")

    monkeypatch.setitem(cached.view_functions, f"{site.name}.home", view)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "remit_staff=secret"},
        {"Authorization": "Basic c2VjcmV0OnNlY3JldA=="},
        {"Accept-Language": "en"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Original-URL": "/staff/"},
        {"X-HTTP-Method-Override": "POST"},
        {"Forwarded": "host=evil.example"},
        {"User-Agent": "secret"},
        {"Accept": "application/json"},
        {"HX-Target": "secret"},
        {"HX-Request": "TRUE"},
        {"Referer": "http://evil.example"},
        {"Content-Type": "text/secret"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_header_changes_a_page_or_gets_into_it(reader, made, curious, headers):
    told = reader.get("/", headers=headers)
    plain = reader.get("/")
    assert len(made) == 1
    assert told.data == plain.data
    assert not any(word in plain.text for word in ("secret", "evil", "staff"))


def test_a_body_does_not_get_into_a_page(reader, made, curious):
    answer = reader.get("/", data=b"secret")
    assert "secret" not in answer.text
    assert reader.get("/").data == answer.data
    assert len(made) == 1


def test_another_name_of_the_site_is_another_page_and_a_strange_one_none(reader, pages, curious):
    own = reader.get("/", base_url=f"https://{HOST}")
    plain = reader.get("/", base_url=f"http://{HOST}")
    local = reader.get("/", base_url="http://localhost")
    assert [f"https://{HOST}/" in own.text, f"http://{HOST}/" in plain.text] == [True, True]
    assert len({own.data, plain.data, local.data}) == 3
    count = len(kept(pages))
    assert reader.get("/", base_url="http://evil.example").status_code == 400
    assert len(kept(pages)) == count
    assert reader.get("/", base_url=f"https://{HOST}").data == own.data


def test_staff_pages_pass_by_untouched(reader, pages):
    first = reader.get("/staff/sign-in/")
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert len(kept(pages)) == 0


DECEPTIONS = (
    "/staff/sign-in/x.css",
    "/staff/sign-in/;x.css",
    "/staff/sign-in/%2e%2e/static/dist/app.css",
    "/static/../staff/sign-in/",
    "/static/%2e%2e/staff/sign-in/",
    "/static/..%2fstaff%2fsign-in%2f",
    "/STAFF/sign-in/",
    "//staff/sign-in/",
    "/staff%2fsign-in%2f",
    f"{LIST}/a.css",
    f"{LIST}.css",
    f"{LIST};a.css",
    f"{LIST}%2fa.css",
    f"{LIST}%00.css",
    "/LISTS/liaocheng-2020",
    "/./lists",
)


@pytest.mark.parametrize("address", DECEPTIONS)
def test_no_disguise_of_an_address_is_kept(reader, pages, address):
    for _turn in range(2):
        answer = as_sent(reader, address)
        named = answer.headers.get("Content-Type", "")
        assert answer.status_code >= 300 or "no-store" in answer.headers["Cache-Control"]
        assert "css" not in named
    assert len(kept(pages)) == 0
    assert not any("staff" in path for path in pages._files._stored)


# Fragments


def test_a_fragment_is_never_given_as_a_page(cached, reader, made, monkeypatch):
    from portal.htmx import wants_fragment

    monkeypatch.setitem(
        cached.view_functions, f"{site.name}.home", lambda: "part" if wants_fragment() else "the whole page"
    )
    htmx = {"HX-Request": "true"}
    back = {**htmx, "HX-History-Restore-Request": "true"}
    wanted = [(None, "the whole page"), (htmx, "part"), (back, "the whole page"), (htmx, "part")]
    for headers, text in (*wanted, *reversed(wanted)):
        answer = reader.get("/", headers=headers)
        assert answer.text == text
        assert "HX-Request" in answer.headers["Vary"]
    assert len(made) == 2
    tags = {reader.get("/", headers=headers).headers["ETag"] for headers in (None, htmx)}
    assert len(tags) == 2


# As HTTP has it


@pytest.mark.parametrize("turn", ["made", "kept"])
def test_head_is_get_without_the_body(reader, turn):
    if turn == "kept":
        reader.get(LIST)
    head = reader.head(LIST, headers={"Accept-Encoding": "br"})
    whole = reader.get(LIST, headers={"Accept-Encoding": "br"})
    assert head.data == b""
    assert head.headers.to_wsgi_list() == whole.headers.to_wsgi_list()
    assert int(head.headers["Content-Length"]) == len(whole.data)


def test_each_coding_holds_the_same_page(reader, made):
    plain = reader.get(LIST)
    pressed = reader.get(LIST, headers={"Accept-Encoding": "gzip, br"})
    assert brotli.decompress(pressed.data) == plain.data
    assert pressed.headers["ETag"] == plain.headers["ETag"]
    assert pressed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, HX-Request"
    assert len(pressed.data) < len(plain.data) / 3
    assert len(made) == 1


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_a_copy_that_still_holds_is_not_sent_again(reader, made, coding):
    tag = reader.get(LIST, headers={"Accept-Encoding": coding}).headers["ETag"]
    for asked in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = reader.get(LIST, headers={"If-None-Match": asked})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Content-Length" not in answer.headers
    assert reader.get(LIST, headers={"If-None-Match": '"other"'}).status_code == 200
    assert reader.get(LIST, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}).status_code == 200
    assert len(made) == 1


def test_the_tag_is_the_same_wherever_a_page_is_made(reader, kept_settings):
    """Another process, or a machine without a cache."""
    elsewhere = compose(replace(kept_settings, page_cache=0))
    tag = elsewhere.test_client().get(LIST).headers["ETag"]
    assert reader.get(LIST).headers["ETag"] == tag
    assert elsewhere.test_client().get(LIST, headers={"If-None-Match": tag}).status_code == 304
    with elsewhere.app_context():
        db.engine.dispose()


def test_files_to_take_along_keep_their_own_ways(reader, made, pages):
    address = f"{LIST}/revisions/1.csv"
    whole = reader.get(address, buffered=True)
    part = reader.get(address, headers={"Range": "bytes=0-9"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole.data[:10])
    again = reader.get(address, headers={"If-None-Match": whole.headers["ETag"]}, buffered=True)
    assert again.status_code == 304
    head = reader.head(address)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(whole.data)))
    assert len(made) == 4
    assert len(kept(pages)) == 0


def test_a_page_that_is_asked_for_with_a_range_is_given_whole(reader):
    assert reader.get(LIST, headers={"Range": "bytes=0-9"}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_what_does_not_read_is_left_to_flask(reader, made, method):
    reader.get("/")
    reader.open("/", method=method)
    assert made == ["/", "/"]


def test_a_site_below_a_prefix_has_pages_of_its_own(cached, made):
    def links(prefix):
        environ = EnvironBuilder(path=LIST, base_url=f"http://localhost{prefix}/").get_environ()
        return cached.test_client().open(environ_overrides=environ, path=LIST).text

    assert 'href="/portal/lists' in links("/portal")
    assert 'href="/portal/lists' not in links("")
    assert len(made) == 2
