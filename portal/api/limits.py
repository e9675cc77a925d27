"""How often one address may ask, said in every answer (the IETF draft on RateLimit fields).

A reader whose copy still holds, or who is answered by the page cache, is not counted. When the queue server is
away counting goes on in each process's memory (portal.auth).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from flask import Response, current_app
from flask_limiter import RequestLimit
from flask_limiter.errors import RateLimitExceeded
from redis.exceptions import RedisError

from portal.api.problems import Kind, Problem
from portal.api.problems import response as told
from portal.auth import limiter, wait
from portal.i18n import mark

SCOPE = "api"
WINDOW = 60
"""Seconds."""

View = TypeVar("View", bound=Callable[..., Any])


def quota() -> int:
    """Requests a minute from one address."""
    return int(current_app.config["REMIT"].api_limit)


def limited(view: View) -> View:
    """The view, counted together with all others of the API."""
    return cast(View, limiter.shared_limit(lambda: f"{quota()} per {WINDOW} seconds", scope=SCOPE)(view))


def described(response: Response) -> Response:
    """The answer with what is allowed and, where it was counted, what is left."""
    response.headers["RateLimit-Policy"] = f'"{SCOPE}";q={quota()};w={WINDOW}'
    counted = limiter.current_limit
    if counted is not None:
        # The queue server may go away between counting and looking at the count.
        with suppress(RedisError):
            response.headers["RateLimit"] = f'"{SCOPE}";r={counted.remaining};t={_left(counted)}'
    return response


def exceeded(_error: RateLimitExceeded) -> Response:
    """What somebody is told who asks too often: the limit, and when to come again."""
    seconds = wait()
    problem = Problem(
        Kind.TOO_MANY,
        mark("每个地址每 %(window)s 秒最多请求 %(quota)s 次，请过 %(wait)s 秒再试。"),
        {"violated-policies": [SCOPE]},
        window=WINDOW,
        quota=quota(),
        wait=seconds,
    )
    response = told(problem)
    response.headers["Retry-After"] = str(seconds)
    return response


def _left(counted: RequestLimit) -> int:
    """Seconds until counting begins anew."""
    return max(1, int(counted.reset_at - time.time()))
