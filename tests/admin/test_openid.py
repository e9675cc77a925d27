"""Signing in at a real OpenID Connect provider, and every way in which it must not work."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from sqlalchemy import select

from portal.config import OpenId, Outbound, Settings, SettingsError
from portal.foundation.rights.rules import Role
from portal.foundation.signins.openid.models import OpenIdentity
from tests.admin.conftest import enter, person
from tests.admin.test_second_factor import set_up
from tests.fixtures.openid import CLIENT, SECRET, signing_key

PERSON = {"sub": "u-1", "email": "Li.Na@example.cn", "email_verified": True}


class _Stay(HTTPRedirectHandler):
    def http_error_302(self, _request, answer, *_rest):
        return answer


@pytest.fixture
def provider(app, openid_server):
    before = app.config["REMIT"]
    app.config["REMIT"] = replace(
        before,
        public_url="http://remit.example",
        openid=OpenId(openid_server.issuer, CLIENT, SECRET),
        outbound=Outbound(allow=("127.0.0.0/8",), loopback=True),
    )
    openid_server.person = dict(PERSON)
    openid_server.back = "http://remit.example/staff/sign-in/elsewhere/back"
    yield openid_server
    app.config["REMIT"] = before


@pytest.fixture
def li_na(client):
    account = person(Role.APPROVER)
    account.email = "li.na@example.cn"
    return account


def to_provider(visitor, wanted="") -> str:
    """Leave for the provider and give the address that it sends back to, without the host."""
    leaving = visitor.get("/staff/sign-in/elsewhere", query_string={"next": wanted} if wanted else {})
    assert leaving.status_code == 302
    answer = build_opener(_Stay).open(leaving.location, timeout=10)
    location = answer.headers["Location"]
    answer.close()
    assert location.startswith("http://remit.example/staff/")
    return location.removeprefix("http://remit.example")


def test_a_person_known_by_its_address_gets_in_and_is_known_by_its_key_from_then_on(
    client, provider, li_na, session
):
    assert "用统一身份认证登录" in client.get("/staff/sign-in/").text
    back = client.get(to_provider(client, "/staff/lists/"))
    assert back.location == "/staff/lists/"
    assert client.get("/staff/").status_code == 200
    (identity,) = session.scalars(select(OpenIdentity)).all()
    assert (identity.account_id, identity.subject) == (li_na.id, "u-1")
    client.post("/staff/own/sign-out")
    li_na.email = "other@example.cn"
    provider.person = {"sub": "u-1"}
    assert client.get(to_provider(client)).location == "/staff/"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "u-2", "email": "stranger@example.cn", "email_verified": True},
        {"sub": "u-2", "email": "li.na@example.cn", "email_verified": False},
        {"sub": "u-2", "email": "li.na@example.cn", "email_verified": "true"},
        {"sub": "u-2", "email": "li.na@example.cn"},
        {"sub": "u-2"},
        {"sub": "u-2", "email": "", "email_verified": True},
    ],
)
def test_nobody_else_gets_an_account(client, provider, li_na, session, claims):
    provider.person = claims
    answer = client.get(to_provider(client))
    assert answer.status_code == 422
    assert "没有和您对应的账号" in answer.text
    assert session.scalars(select(OpenIdentity)).all() == []
    assert client.get("/staff/").status_code == 302


def test_a_second_key_does_not_take_an_account_over(client, provider, li_na):
    client.get(to_provider(client))
    client.post("/staff/own/sign-out")
    provider.person = {**PERSON, "sub": "u-2"}
    assert client.get(to_provider(client)).status_code == 422


def test_an_address_of_two_accounts_is_nobodys(client, provider, li_na):
    person(Role.EDITOR).email = "li.na@example.cn"
    assert client.get(to_provider(client)).status_code == 422


def test_a_suspended_account_stays_out(client, provider, li_na, session):
    client.get(to_provider(client))
    li_na.active = False
    session.flush()
    assert client.get(to_provider(client)).status_code == 422


TWISTS = {
    "nonce": lambda claims: claims.update(nonce="other"),
    "no nonce": lambda claims: claims.pop("nonce"),
    "issuer": lambda claims: claims.update(iss="http://127.0.0.1:1"),
    "audience": lambda claims: claims.update(aud="another"),
    "several audiences": lambda claims: claims.update(aud=[CLIENT, "another"]),
    "expired": lambda claims: claims.update(exp=int(time.time()) - 600),
    "from the future": lambda claims: claims.update(iat=int(time.time()) + 6000),
    "other tokens": lambda claims: claims.update(at_hash="x" * 22),
    "no subject": lambda claims: claims.update(sub=""),
}


@pytest.mark.parametrize("twist", TWISTS)
def test_a_token_that_is_not_as_it_should_be_is_not_believed(client, provider, li_na, twist):
    provider.twist = TWISTS[twist]
    answer = client.get(to_provider(client))
    assert answer.status_code == 422
    assert "没能通过统一身份认证登录" in answer.text
    assert client.get("/staff/").status_code == 302


def test_the_same_token_untwisted_is_believed(client, provider, li_na):
    provider.twist = lambda _claims: None
    assert client.get(to_provider(client)).location == "/staff/"


def test_a_token_signed_by_somebody_else_is_not_believed(client, provider, li_na):
    provider.key = signing_key("a stranger")
    assert client.get(to_provider(client)).status_code == 422


def test_state_code_and_time(app, client, provider, li_na, frozen):
    address = to_provider(client)
    stranger = app.test_client()
    # Another browser has not begun it, and the own one comes back once.
    assert stranger.get(address).status_code == 422
    assert client.get(address).status_code == 302
    client.post("/staff/own/sign-out")
    assert client.get(address).status_code == 422
    said = parse_qs(urlsplit(to_provider(client)).query)
    assert client.get(f"/staff/sign-in/elsewhere/back?code={said['code'][0]}&state=x").status_code == 422
    to_provider(client)
    assert client.get("/staff/sign-in/elsewhere/back?error=access_denied").status_code == 422
    late = to_provider(client)
    frozen.shift(timedelta(minutes=11))
    assert client.get(late).status_code == 422


def test_the_way_carries_a_challenge_and_leads_back_to_the_settings_alone(client, provider):
    leaving = client.get("/staff/sign-in/elsewhere", headers={"Host": "evil.example"})
    asked = {name: values[0] for name, values in parse_qs(urlsplit(leaving.location).query).items()}
    assert asked["redirect_uri"] == provider.back
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert asked["scope"] == "openid email"


def test_the_second_factor_is_asked_for_all_the_same(client, provider, li_na, session):
    enter(client, "approver")
    set_up(client, session)
    client.post("/staff/own/sign-out")
    assert client.get(to_provider(client)).location.startswith("/staff/sign-in/code")
    assert client.get("/staff/").status_code == 302


def test_a_provider_that_is_away_or_somebody_else_is_said_plainly(app, client, provider):
    settings = app.config["REMIT"]
    for issuer in ("http://127.0.0.1:9", f"{provider.issuer}/"):
        app.config["REMIT"] = replace(settings, openid=OpenId(issuer, CLIENT, SECRET))
        answer = client.get("/staff/sign-in/elsewhere")
        assert answer.status_code == 422
        assert "或者用密码登录" in answer.text


def test_without_a_provider_there_is_no_such_page(client):
    assert client.get("/staff/sign-in/elsewhere").status_code == 404
    assert client.get("/staff/sign-in/elsewhere/back?code=x&state=y").status_code in (404, 422)
    assert "统一身份认证" not in client.get("/staff/sign-in/").text


def test_the_administrator_forgets_who_somebody_is_elsewhere(app, client, provider, li_na, session, as_role):
    client.get(to_provider(client))
    administrator = as_role(Role.ADMINISTRATOR)
    assert "已经关联" in administrator.get(f"/staff/access/{li_na.id}/").text
    assert administrator.post(f"/staff/access/{li_na.id}/unlink").status_code == 302
    assert session.scalars(select(OpenIdentity)).all() == []
    assert client.get("/staff/").status_code == 302
    assert administrator.post(f"/staff/access/{li_na.id}/unlink").status_code == 404


def test_production_wants_https_and_its_own_address():
    good = Settings(
        environment="production",
        secret_key="x" * 40,
        trusted_hosts=("remit.example",),
        openid=OpenId("http://id.example", CLIENT, SECRET),
    )
    with pytest.raises(SettingsError, match="REMIT_OPENID_ISSUER"):
        good.check()
    with pytest.raises(SettingsError, match="REMIT_PUBLIC_URL"):
        replace(good, openid=OpenId("https://id.example", CLIENT, SECRET)).check()
    replace(
        good, openid=OpenId("https://id.example", CLIENT, SECRET), public_url="https://remit.example"
    ).check()
