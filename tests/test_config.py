"""Settings: what is read, what production refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest
from flask import request

from portal.config import ROOT, Settings, SettingsError
from portal.db import db
from portal.foundation.accounts.models import Account
from wsgi import compose, refuse_demo_accounts

FIT = {
    "REMIT_ENV": "production",
    "REMIT_SECRET_KEY": "k" * 40,
    "REMIT_TRUSTED_HOSTS": "remit.example.gov.cn",
    "DATABASE_URL": "postgresql://remit@db/remit",
    "REDIS_URL": "redis://queue:6379/0",
}


def test_nothing_set_is_fit_for_trying_out():
    settings = Settings.from_env({})
    settings.check()
    assert not settings.production
    assert settings.port == 8000
    assert settings.database_url.startswith("sqlite:///")


def test_production_with_everything_set():
    settings = Settings.from_env(FIT)
    settings.check()
    assert settings.production
    assert settings.database_url == "postgresql+psycopg://remit@db/remit"
    assert settings.flask()["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"REMIT_DEMO": "1"}, "REMIT_DEMO"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"REMIT_DEBUG": "true"}, "REMIT_DEBUG"),
        ({"REMIT_SECRET_KEY": ""}, "REMIT_SECRET_KEY"),
        ({"REMIT_SECRET_KEY": "only-for-trying-out"}, "REMIT_SECRET_KEY"),
        ({"REMIT_SECRET_KEY": "short"}, "REMIT_SECRET_KEY"),
        ({"REMIT_TRUSTED_HOSTS": ""}, "REMIT_TRUSTED_HOSTS"),
        ({"REMIT_ENV": "prod"}, "REMIT_ENV"),
        ({"DATABASE_URL": "oracle://there"}, "DATABASE_URL"),
    ],
)
def test_production_refuses(change, named):
    with pytest.raises(SettingsError, match=named) as refusal:
        Settings.from_env(FIT | change).check()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("text", ["8o", "-1", "８０００", "1.5"])
def test_a_number_that_is_none(text):
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_env({"PORT": text})


def test_secrets_may_stand_in_files(tmp_path):
    password = tmp_path / "password"
    password.write_text("postgresql://remit:p%40ss@db/remit\n", "utf-8")
    settings = Settings.from_env({"DATABASE_URL_FILE": str(password)})
    assert settings.database_url == "postgresql+psycopg://remit:p%40ss@db/remit"


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (None, {}, "读不了"),
        (b" \n", {}, "空的"),
        (b"\xff\xfe", {}, "UTF-8"),
        (b"k" * 70_000, {}, "太大"),
        (b"k" * 40, {"REMIT_SECRET_KEY": "k" * 40}, "只能设一个"),
    ],
)
def test_a_file_that_holds_no_secret(tmp_path, content, more, said):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=said) as refusal:
        Settings.from_env({"REMIT_SECRET_KEY_FILE": str(file), **more})
    assert "REMIT_SECRET_KEY_FILE" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("address", ["sqlite://", "postgresql+psycopg://remit@nowhere/remit"])
def test_what_was_in_a_statement_that_failed_is_not_told_in_production(address):
    told = [
        Settings(environment=each, database_url=address).flask()["SQLALCHEMY_ENGINE_OPTIONS"][
            "hide_parameters"
        ]
        for each in ("production", "development")
    ]
    assert told == [True, False]


def test_secrets_are_not_shown():
    settings = Settings.from_env(FIT | {"SMTP_PASSWORD": "mailsecret"})
    assert "kkkk" not in repr(settings)
    assert "mailsecret" not in repr(settings)


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1 http"), (1, "198.51.100.7 https")])
def test_headers_of_proxies_are_believed_when_there_are_some(tmp_path, proxies, seen):
    app = compose(
        Settings(
            environment="test", testing=True, database_url="sqlite://", data_dir=tmp_path, proxies=proxies
        )
    )
    asked = []

    def look():
        asked.append(f"{request.remote_addr} {request.scheme}")
        return "", 204

    app.before_request_funcs = {None: [look]}
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    app.test_client().get("/", headers=forged)
    assert asked == [seen]


def production(app):
    """The same application, as if people relied on it."""
    app.config["REMIT"] = replace(app.config["REMIT"], environment="production")


@pytest.fixture
def relied_on(live):
    """The application with real commits, in production."""
    before = live.config["REMIT"]
    production(live)
    yield live
    live.config["REMIT"] = before


def test_production_refuses_a_database_with_demo_accounts(relied_on):
    db.session.add(Account(login="demo", name="演示", demo=True))
    db.session.commit()
    with pytest.raises(SettingsError, match="演示账号"):
        refuse_demo_accounts(relied_on)


def test_production_takes_a_database_without(relied_on):
    db.session.add(Account(login="real", name="真人"))
    db.session.commit()
    refuse_demo_accounts(relied_on)


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"REMIT_DEMO": "1"}, {"REMIT_SECRET_KEY": ""}, {"FLASK_DEBUG": "1"}])
def test_wsgi_ends_with_one_line(change, tmp_path):
    env = os.environ | FIT | {"REMIT_DATA_DIR": str(tmp_path)} | change
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "正式环境" in done.stderr
