"""The three addresses for machines: none is kept by the page cache, by a browser or by a proxy."""

from __future__ import annotations

from hmac import compare_digest
from http import HTTPStatus
from ipaddress import ip_address

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request

from portal.config import Settings
from portal.health import readiness
from portal.health.figures import gather
from portal.health.metrics import MEDIA_TYPE, exposition
from portal.health.readiness import Verdict

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """That this process answers; asks nobody else, so that a database that is away does not get it killed."""
    return Response("ok\n", mimetype="text/plain")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """Whether this process can serve: 200 when ready or degraded, 503 when not; the parts by name."""
    found = readiness.look()
    told = {"status": found.verdict, **found.parts}
    bad = found.verdict is Verdict.NOT_READY
    return jsonify(told), HTTPStatus.SERVICE_UNAVAILABLE if bad else HTTPStatus.OK


@health.get("/metrics")
def metrics() -> Response:
    """The figures for Prometheus, for networks and tokens that the settings name; to all others it is not there."""
    if not admitted():
        abort(HTTPStatus.NOT_FOUND)
    found = readiness.look()
    figures = None if found.verdict is Verdict.NOT_READY else gather()
    return Response(exposition(figures, found), content_type=MEDIA_TYPE)


def admitted() -> bool:
    """Whether the request comes from an allowed network or shows the token; nobody, unless settings say so.

    An address counts only if it is surely the asker's: behind a proxy that the settings do not know of, everybody
    would have the proxy's.
    """
    settings: Settings = current_app.config["REMIT"]
    shown = request.headers.get("Authorization", "")
    if settings.metrics.token and compare_digest(shown.encode(), f"Bearer {settings.metrics.token}".encode()):
        return True
    hidden = not settings.proxies and ("X-Forwarded-For" in request.headers or "Forwarded" in request.headers)
    if hidden or not request.remote_addr:
        return False
    try:
        asker = ip_address(request.remote_addr)
    except ValueError:
        return False  # a unix socket
    return any(asker in network for network in settings.metrics.networks)


@health.after_request
def unkept(response: Response) -> Response:
    """What was true a moment ago says nothing."""
    response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Open it."""
    app.register_blueprint(health)
