"""Under which names the portal answers, and where it sends people: nowhere but to itself."""

from __future__ import annotations

import pytest

from admin.door import own_address
from portal.db import db
from portal.foundation.rights.rules import Role
from tests.attacks.conftest import HOME, HOST, address
from tests.fixtures.doors import Application

FORGED = ("evil.example", f"{HOST}.evil.example", f"evil.example:443@{HOST}", f"{HOST}:x", "")

ELSEWHERE = [
    "//evil.example/staff/",
    "///evil.example/staff/",
    "/\\evil.example/staff/",
    "/staff/\\evil.example",
    "\\\\evil.example/staff/",
    "https://evil.example/staff/",
    "https:evil.example/staff/",
    "javascript:alert(1)//staff/",
    "data:text/html,/staff/",
    "/staff/../../evil",
    "/staff/%2e%2e/%2e%2e/evil",
    "/staff/%2E./evil",
    "/staff/\r\nSet-Cookie: a=b",
    "/staff/\tx",
    "\n//evil.example/staff/",
    " //evil.example/staff/",
    "/staff@evil.example/",
    "/staffx/",
    "@evil.example/staff/",
    "https://zz.example.cn@evil.example/staff/",
    "/staff/\u2028x",
    "/staff/\ud800",
    "%2f%2fevil.example/staff/",
    "https://[evil/staff/",
]


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_answered_with_nothing(relied_on: Application, host):
    for where in ("/", "/staff/", "/staff/sign-in/", "/lists", "/sitemap.xml", "/opensearch.xml", "/api/v1/"):
        answer = relied_on.test_client().get(where, base_url=HOME, headers={"Host": host})
        assert answer.status_code == 400, where
        assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "Forwarded", "X-Original-URL"]
)
def test_a_forged_header_names_no_host(relied_on, name):
    said = "host=evil.example;proto=http" if name == "Forwarded" else "evil.example"
    for where in (
        "/",
        "/staff/",
        "/opensearch.xml",
        "/sitemap.xml",
        "/changes.atom",
        "/api/v1/",
        "/data/api",
    ):
        answer = relied_on.test_client().get(where, base_url=HOME, headers={name: said})
        assert answer.status_code < 400, where
        assert "evil" not in answer.text + str(answer.headers), where


def test_every_redirect_leads_home(relied_on):
    """Whatever stands in the address, host and scheme of where it leads are ours."""
    client = relied_on.test_client()
    for rule in relied_on.url_map.iter_rules():
        if "GET" not in rule.methods:
            continue
        where = address(relied_on, rule, text="%2F%2Fevil.example")
        hostile = (
            "next=//evil.example&back=//evil.example&url=//evil.example&at=//evil.example&q=//evil.example"
        )
        answer = client.get(f"{where}?{hostile}", base_url=HOME, buffered=True)
        if answer.location is not None:
            assert answer.location.startswith(("/", f"{HOME}/")), where
            assert not answer.location.startswith(("//", "/\\")), where


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_leads_nowhere_else(wanted):
    assert own_address(wanted) is None


@pytest.mark.parametrize("wanted", ["/staff/", "/staff/lists/1/?lang=en", "/staff/record/?text=济宁&who=a/b"])
def test_signing_in_leads_on_within_the_door(wanted):
    assert own_address(wanted) == wanted


def test_the_way_back_from_a_form_stays_within_the_door(app, land):
    records, _held, visitors, connection = land
    number = records["deadline_id",][0].values["deadline_id"]
    for wanted in ELSEWHERE[:-4]:
        db.session.remove()
        point = connection.begin_nested()
        answer = visitors[Role.EDITOR].post(f"/staff/deadlines/{number}/urge", data={"back": wanted})
        db.session.remove()
        point.rollback()
        assert answer.status_code == 302
        assert answer.location == f"/staff/deadlines/{number}/"
