"""Requests that pretend: without a token, by another method, too often, with lines and files not what they say."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
from pathlib import Path

import pytest
import structlog

from portal import auth, logs
from portal.config import ROOT
from portal.errors import Refused
from portal.foundation.files import service as files
from portal.foundation.files.rules import harmful
from tests.attacks.conftest import HOME, address

FORGING = [
    "a\nb",
    "a\r\n2026-01-01T00:00:00Z [info] signed in",
    "\x1b[2J\x1b[31m",
    "a\u2028b",
    "a\u0085b",
    "\x9b31m",
    "\u202etxt",
]
"""What would begin a line of its own, or tell a terminal what to do."""

UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]")

READ = {".py", ".toml", ".sh", ".yml", ".yaml", ".md", ".html", ".ini", ".cfg", ".json", ".env", ".mako", ""}

SECRETS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\bAKIA[0-9A-Z]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    r"\bxox[abpr]-[A-Za-z0-9-]{10,}",
    r"(?i)\b(password|passwd|secret|token|api_?key)\b['\"]?\s*[:=]\s*['\"][A-Za-z0-9+/_-]{20,}={0,2}['\"]",
)


def test_no_change_without_a_token(relied_on):
    """Every address that takes a POST, also of those who are not signed in and of pages that are not there."""
    taken = []
    for rule in relied_on.url_map.iter_rules():
        if "POST" in rule.methods:
            answer = relied_on.test_client().post(address(relied_on, rule), data={"a": "b"}, base_url=HOME)
            if answer.status_code != 400:
                taken.append(f"{rule.rule} {answer.status_code}")
    assert taken == []


def test_no_header_or_field_makes_a_change_of_a_reading(relied_on):
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = relied_on.test_client().get("/staff/own/sign-out", base_url=HOME, headers={name: "POST"})
        assert answer.location == "/staff/sign-in/?next=/staff/own/sign-out"
    assert relied_on.test_client().open("/lists", method="TRACE", base_url=HOME).status_code == 405


@pytest.mark.parametrize(
    "where", ["/staff/sign-in/", "/staff/sign-in/code", "/staff/sign-in/forgotten", "/staff/sign-in/link/x"]
)
def test_who_tries_too_often_is_told_when_to_come_again(app, client, where):
    auth.limiter.reset()
    for _ in range(31):
        answer = client.post(where, data={"login": "nobody", "password": "x", "who": "nobody"})
    auth.limiter.reset()
    if where == "/staff/sign-in/code":
        assert answer.status_code == 302
        return
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "太多" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.fixture
def written(relied_on, capsys):
    """What the log writes in production, line by line."""
    logs.configure(production=True)
    yield lambda: capsys.readouterr().err
    structlog.reset_defaults()
    logs.forget_libraries()


@pytest.mark.parametrize("text", FORGING)
def test_no_text_forges_a_line(written, text):
    log = structlog.get_logger()
    log.info(text, query=text, agent=[text], **{f"field{text}": text})
    logging.getLogger("some.library").warning("asked for %s", text)
    lines = written().split("\n")[:-1]
    assert [json.loads(line)["level"] for line in lines] == ["info", "warning"]
    assert not any(UNSEEN.search(line) for line in lines)


def test_no_request_forges_a_line(relied_on, written, monkeypatch):
    """The path, the program and the search stand in no line as they came, nor do cookies and tokens."""

    def breaks(**_kwargs):
        raise RuntimeError("broken for 13812345678\nforged line \u2028 li@example.com")

    monkeypatch.setitem(relied_on.view_functions, "sign-in.link", breaks)
    headers = {
        "User-Agent": "x\u0085forged",
        "Cookie": "remit_staff=geheim",
        "Authorization": "Bearer geheim",
    }
    where = "/staff/sign-in/link/geheim%0A%1B%5B31m%E2%80%A8forged?q=geheim"
    assert relied_on.test_client().get(where, base_url=HOME, headers=headers).status_code == 500
    (line,) = written().split("\n")[:-1]
    assert json.loads(line)["rule"] == "/staff/sign-in/link/<token>"
    assert not UNSEEN.search(line)
    for word in ("geheim", "13812345678", "li@example.com"):
        assert word not in line


HARMFUL = {
    "page": b"<!doctype html><p>",
    "page behind a comment": b"\xef\xbb\xbf \n<!-- a --><HTML>",
    "drawing with a script": b"<?xml version='1.0'?><!DOCTYPE svg><svg onload='x()'>",
    "page in UTF-16": "<html><script>".encode("utf-16"),
    "saved page": b"MIME-Version: 1.0\r\n",
    "program": b"MZ\x90\x00\x03\x00",
    "program of Linux": b"\x7fELF\x02",
    "script": b"#!/bin/sh\n",
}
HARMLESS = {
    "PDF": b"%PDF-1.7\n<html>",
    "workbook": b"PK\x03\x04<html>",
    "picture": b"\x89PNG\r\n\x1a\n",
    "table": "序号,事项\n1,<b>".encode(),
    "text": "MZ 说明：<html>".encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_a_page_or_a_program_is_not_kept_whatever_it_is_called(app, session, content):
    assert harmful(content)
    for given in (content, io.BytesIO(content)):
        with pytest.raises(Refused):
            files.store(given, name="证明.pdf")
    folder = app.config["REMIT"].data_dir / "files"
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_papers_are_kept(content):
    assert not harmful(content)


def test_no_secret_stands_in_the_project():
    """Keys and passwords come from the environment or from files beside it, none is in what is shipped."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = []
    for name in listed.splitlines():
        path = ROOT / name
        # Tests make up passwords of their own.
        if path.suffix not in READ or name.startswith("tests/") or not path.is_file():
            continue
        text = path.read_text("utf-8")
        found += [f"{name}: {each.group()[:60]}" for mark in SECRETS for each in re.finditer(mark, text)]
    assert found == []


def test_no_page_of_the_keeper_shows_a_secret(app):
    """Whatever Settings keep from being shown is kept from templates as well: they get no settings but these."""
    given = {name for name in app.jinja_env.globals if "setting" in name or "config" in name}
    assert given <= {"config"}
    folders = [ROOT / "portal", ROOT / "admin"]
    used = {
        word
        for folder in folders
        for page in Path(folder).rglob("*.html")
        for word in re.findall(r"\bconfig\b[.\[][^}%]*", page.read_text("utf-8"))
    }
    assert used == set()
