"""Speaking OpenID Connect with the provider of the settings: authorization code, PKCE, state and nonce.

Authlib checks what its token claims, joserfc its signature; every request goes by `portal.outbound`.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.config import OpenId, Settings
from portal.foundation.signins.openid.rules import Attempt, Identity
from portal.outbound.allowed import AllowList
from portal.outbound.errors import OutboundError
from portal.outbound.web import Policy, request

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures that are taken: by key pairs only, so that nobody signs with what is public."""

LEEWAY = 120
"""Seconds that the provider's clock may be off."""

LONGEST_ANSWER = 256 * 1024
LONGEST_SUBJECT = 255


class ProviderError(Exception):
    """The provider was not reached, said no, or said what cannot be believed; the text is for the log alone."""


@dataclass(frozen=True)
class Provider:
    """The provider with what it says of itself."""

    openid: OpenId
    policy: Policy
    about: dict[str, Any]

    @classmethod
    def discover(cls, settings: Settings) -> Provider:
        """Ask the provider of the settings where its doors are; ProviderError when it is not who it should be."""
        issuer = settings.openid.issuer
        lines = (*settings.outbound.allow, urlsplit(issuer).hostname or "")
        allowed = AllowList.read(lines, loopback=settings.outbound.loopback)
        policy = Policy(allowed, authorities=settings.outbound.authorities)
        about = _asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration", policy)
        if about.get("issuer") != issuer:
            raise ProviderError("another issuer")
        return cls(settings.openid, policy, about)

    def begin(self, back: str, at: datetime, onward: str = "") -> tuple[str, Attempt]:
        """Where to send the person, and what to remember until it comes back to the address `back`."""
        attempt = Attempt(
            token_urlsafe(24), token_urlsafe(24), token_urlsafe(48), int(at.timestamp()), onward
        )
        asked = {
            "response_type": "code",
            "client_id": self.openid.client,
            "redirect_uri": back,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": create_s256_code_challenge(attempt.verifier),
            "code_challenge_method": "S256",
        }
        door = self._door("authorization_endpoint")
        return f"{door}{'&' if '?' in door else '?'}{urlencode(asked)}", attempt

    def finish(self, attempt: Attempt, said: dict[str, str], back: str, at: datetime) -> Identity:
        """Who came back with what was said in the address. ProviderError when any of it is not as it should be."""
        if attempt.over(int(at.timestamp())) or not compare_digest(said.get("state", ""), attempt.state):
            raise ProviderError("another state, or too late")
        if said.get("iss", self.openid.issuer) != self.openid.issuer:
            raise ProviderError("another issuer came back")
        if "code" not in said:
            error = said.get("error", "")
            raise ProviderError(f"no code: {error[:40] if error.isidentifier() else 'odd'}")
        form = {
            "grant_type": "authorization_code",
            "code": said["code"],
            "redirect_uri": back,
            "code_verifier": attempt.verifier,
        }
        tokens = self._tokens(form)
        claims = self._claims(tokens, attempt, at)
        subject = str(claims["sub"])
        if not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ProviderError("no subject")
        if "email" not in claims and "userinfo_endpoint" in self.about:
            claims = self._more(tokens, subject)
        email = claims.get("email") if claims.get("email_verified") is True else ""
        return Identity(self.openid.issuer, subject, str(email or ""))

    def _tokens(self, form: dict[str, str]) -> dict[str, Any]:
        pair = f"{quote(self.openid.client, safe='')}:{quote(self.openid.secret, safe='')}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        }
        return _asked("POST", self._door("token_endpoint"), self.policy, headers, urlencode(form).encode())

    def _claims(self, tokens: dict[str, Any], attempt: Attempt, at: datetime) -> dict[str, Any]:
        try:
            keys = KeySet.import_key_set(_asked("GET", self._door("jwks_uri"), self.policy))  # type: ignore[arg-type]
            token = jwt.decode(str(tokens.get("id_token", "")), keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.openid.issuer},
                    "aud": {"essential": True, "value": self.openid.client},
                },
                params={
                    "nonce": attempt.nonce,
                    "client_id": self.openid.client,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(at.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ProviderError(f"its token: {type(error).__name__}") from error
        return dict(claims)

    def _more(self, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
        claims = _asked("GET", self._door("userinfo_endpoint"), self.policy, headers)
        if claims.get("sub") != subject:
            raise ProviderError("another subject")
        return claims

    def _door(self, name: str) -> str:
        door = self.about.get(name)
        if not isinstance(door, str) or not door:
            raise ProviderError(f"no {name}")
        return door


def _asked(
    method: str, address: str, policy: Policy, headers: dict[str, str] | None = None, body: bytes = b""
) -> dict[str, Any]:
    """The JSON object that an address answers; ProviderError for anything else."""
    try:
        sent = {"Accept": "application/json", **(headers or {})}
        answer = request(method, address, policy=policy, headers=sent, body=body, most=LONGEST_ANSWER)
        read = json.loads(answer.body)
    except (OutboundError, ValueError) as error:
        raise ProviderError(str(error)) from error
    if answer.status != 200 or not isinstance(read, dict):  # noqa: PLR2004  fine, by HTTP
        raise ProviderError(f"answered {answer.status}")
    return read
