"""Every answer, whatever it is and whoever gets it, says what a browser may do with it."""

from __future__ import annotations

import re

import pytest

from tests.attacks.conftest import HOME, PASSWORD, address

NOWHERE = ("/nowhere", "/staff/nowhere", "/api/v1/nowhere", "/static/nowhere.css")


def said(answer):
    """What is wrong with the headers of an answer, in words."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
    }
    yield from (name for name, value in wanted.items() if headers.get(name) != value)
    if "default-src 'none'" not in policy or "unsafe" in policy or "*" in policy:
        yield f"policy {policy}"
    if "frame-ancestors 'none'" not in policy and "sandbox" not in policy:
        yield "framed"
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        yield "Permissions-Policy"
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "Referrer-Policy"
    if headers.get("X-Powered-By") or re.search(r"\d", headers.get("Server", "")):
        yield "tells what it runs on"


def private(answer):
    """What is wrong with an answer that nobody may keep."""
    if answer.headers.get("Cache-Control") != "no-store":
        yield "kept"
    if "Cookie" not in answer.headers.get("Vary", ""):
        yield "no Vary"


@pytest.fixture
def stranger(relied_on):
    return relied_on.test_client()


@pytest.fixture
def keeper(relied_on):
    """Signed in, as administrator."""
    visitor = relied_on.test_client()
    page = visitor.get("/staff/sign-in/", base_url=HOME).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
    given = {"login": "keeper", "password": PASSWORD, "csrf_token": token}
    answer = visitor.post("/staff/sign-in/", data=given, base_url=HOME, headers={"Referer": f"{HOME}/"})
    assert answer.status_code == 302
    return visitor


@pytest.mark.parametrize(("who", "methods"), [("stranger", ("GET", "PUT")), ("keeper", ("GET", "POST"))])
def test_every_answer_of_every_address(relied_on, request, who, methods):
    visitor, wrong, seen = request.getfixturevalue(who), [], set()
    for rule in relied_on.url_map.iter_rules():
        for method in methods:
            where = address(relied_on, rule)
            answer = visitor.open(where, method=method, base_url=HOME)
            staff = where.startswith("/staff") and not rule.endpoint.endswith(".static")
            faults = [*said(answer), *(private(answer) if staff else ())]
            seen.add(answer.status_code)
            if faults or answer.status_code == 500:
                wrong.append(f"{method} {where} {answer.status_code}: {', '.join(faults)}")
    assert not wrong, "\n".join(wrong)
    assert seen >= {200, 302, 404, 405}


@pytest.mark.parametrize("where", NOWHERE)
def test_what_is_not_there(keeper, where):
    answer = keeper.get(where, base_url=HOME)
    assert answer.status_code == 404
    assert [*said(answer)] == []


def test_an_endless_body(keeper):
    kind = "multipart/form-data; boundary=x"
    body = b"x" * (21 * 1024 * 1024)
    for where in ("/staff/imports/new", "/staff/sign-in/"):
        answer = keeper.post(where, data=body, content_type=kind, base_url=HOME)
        assert answer.status_code in (400, 413)
        assert [*said(answer), *private(answer)] == []


@pytest.mark.parametrize("endpoint", ["site.about", "api.lists", "own.index", "health.alive"])
def test_what_breaks_tells_nothing(relied_on, keeper, monkeypatch, endpoint, capsys):
    """No trace, no version, no path, no statement; and the headers stand."""

    def breaks(**_kwargs):
        raise RuntimeError("secret/path.py SELECT 13812345678")

    (rule,) = relied_on.url_map.iter_rules(endpoint)
    where = address(relied_on, rule)
    monkeypatch.setitem(relied_on.view_functions, endpoint, breaks)
    answer = keeper.get(where, base_url=HOME)
    assert answer.status_code == 500
    assert [*said(answer)] == []
    for word in ("Traceback", "RuntimeError", "secret/path", "SELECT", "Werkzeug", "Python", ".py"):
        assert word not in answer.text


def test_cookies_are_for_the_staff_door_over_https_alone(stranger):
    answer = stranger.get("/staff/sign-in/", base_url=HOME)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/staff"} <= parts
    assert not any(part.startswith("Domain") for part in parts)


@pytest.mark.parametrize("where", ["/", "/staff/sign-in/"])
def test_pages_keep_no_history_and_run_no_text(stranger, where):
    """htmx puts no page into the browser's storage and evaluates nothing."""
    page = stranger.get(where, base_url=HOME).text
    told = re.search(r"<meta name=\"htmx-config\" content='([^']*)'", page)
    assert told is not None
    assert '"allowEval":false' in told.group(1)
    assert '"historyCacheSize":0' in told.group(1)
    assert not re.search(
        r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|javascript:|hx-on|hx-vals=.js", page
    )
