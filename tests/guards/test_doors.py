"""Every address says who may use it, every job exists and is rung for, every command is told of."""

from __future__ import annotations

import re
from pkgutil import resolve_name

import pytest

from admin.base import StaffPage
from admin.door import SignInPage
from portal import auth
from portal.queue import Job
from tests.guards.tree import ROOT, code, named
from wsgi import app as whole

PUBLIC = {"site", "api"}
"""Blueprints that everybody may read."""

OPEN = {"static", "health.alive", "health.ready"}
"""Endpoints outside the public pages that everybody may use: files of the look, and whether the portal is well."""

ADMITS = {"health.metrics"}
"""Endpoints that let in by network or token, and are not there for anybody else."""


@pytest.fixture(scope="module")
def pages():
    """Every page of the staff door by its endpoint."""
    return {view.endpoint: view for view in whole.extensions["admin"][0]._views}


def test_every_address_is_public_or_says_who_may_see_it(pages):
    loose = []
    for rule in whole.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        page = pages.get(blueprint)
        staff = rule.rule.startswith(auth.DOOR)
        if staff and rule.endpoint.endswith(".static"):
            continue
        declared = page is not None and bool(getattr(page, "access", None))
        public = blueprint in PUBLIC or rule.endpoint in OPEN | ADMITS
        if (staff and not declared) or (not staff and not public):
            loose.append(f"{rule.endpoint} {rule.rule}")
    assert loose == []


def test_staff_addresses_turn_strangers_away(app, client, pages):
    """Asked for without a session, no staff address shows anything or fails."""
    let_in = []
    for rule in app.url_map.iter_rules():
        page = pages.get(rule.endpoint.split(".")[0])
        if page is None or rule.endpoint.endswith(".static") or isinstance(page, SignInPage):
            continue
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            answer = client.open(address, method=method)
            if answer.status_code not in (302, 303, 401, 403):
                let_in.append(f"{method} {address}: {answer.status_code}")
    assert let_in == []


def test_only_the_sign_in_page_is_open_to_everybody(pages):
    own = [page for page in pages.values() if isinstance(page, StaffPage)]
    assert own
    assert [
        page.endpoint
        for page in own
        if "is_accessible" in vars(type(page)) and not isinstance(page, SignInPage)
    ] == []


def test_what_admits_is_not_there_for_strangers(app, client):
    rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in ADMITS]
    assert len(rules) == len(ADMITS)
    assert [client.get(rule).status_code for rule in rules] == [404] * len(rules)


def test_public_addresses_only_read():
    rules = [rule for rule in whole.url_map.iter_rules() if rule.endpoint.split(".")[0] in PUBLIC]
    assert rules
    assert [rule.rule for rule in rules if rule.methods - {"GET", "HEAD", "OPTIONS"}] == []


@pytest.mark.parametrize("job", list(Job))
def test_every_job_is_a_function(job):
    assert callable(resolve_name(job.value))


@pytest.mark.parametrize("job", list(Job))
def test_every_job_is_rung_for(job):
    used = f"Job.{job.name}"
    module, _, function = job.value.rpartition(".")
    by_clock = f"from {module} import" in (ROOT / "jobs/schedule.py").read_text("utf-8")
    rung = [named(path) for path in code("portal", "jobs") if used in path.read_text("utf-8")]
    assert rung or (by_clock and function in (ROOT / "jobs/schedule.py").read_text("utf-8"))


def groups():
    return {name: command for name, command in whole.cli.commands.items() if name not in LIBRARIES}


LIBRARIES = {"limiter", "rq", "db"}
"""Commands that come with a library and are described by it."""


def test_every_command_is_documented():
    told = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/operations.md"))
    missing = [
        f"flask {group} {verb}"
        for group, command in groups().items()
        for verb in getattr(command, "commands", {})
        if f"flask {group} {verb}" not in told
    ]
    assert missing == []


def test_every_command_says_what_it_does():
    assert [
        f"{group} {name}"
        for group, command in groups().items()
        for name, verb in getattr(command, "commands", {group: command}).items()
        if not verb.help
    ] == []
