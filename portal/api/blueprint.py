"""The blueprint of the read API: what every request is asked before and every answer is given after."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from portal.address import controlled
from portal.api import limits, problems
from portal.api.problems import Kind, Problem
from portal.errors import Refused
from portal.site import caching

PREFIX = "/api/v1"
EXPOSED = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"

api = Blueprint("api", __name__, url_prefix=PREFIX, template_folder="templates")

# Before the limit is looked at: a reader whose copy still holds is answered without the queue server.
caching.init_blueprint(api)


@api.before_request
def refuse_control_characters() -> None:
    """No address here holds a control character, and PostgreSQL takes no NUL."""
    if controlled(request.path):
        raise Problem(Kind.NOT_FOUND)


@api.after_request
def finish(response: Response) -> Response:
    """Open to pages of every origin, and told how often one may ask."""
    return _opened(limits.described(response))


@api.errorhandler(Problem)
def _told(problem: Problem) -> Response:
    return problems.response(problem)


@api.errorhandler(Refused)
def _refused(refusal: Refused) -> Response:
    return problems.response(Problem(Kind.NOT_FOUND, refusal.sentence, **refusal.values))


@api.errorhandler(HTTPException)
def _failed(error: HTTPException) -> Response | HTTPException:
    return error if error.response is not None else problems.response(problems.of(error))


def init_app(app: Flask) -> None:
    """Put the API into the application; addresses below its prefix that are none answer as it does."""
    app.register_blueprint(api)

    @app.before_request
    def answer_for_no_address() -> Response | None:
        failure = request.routing_exception
        below = request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
        if failure is None or not below or isinstance(failure, RequestRedirect):
            return None
        if request_ctx.url_adapter is None:
            # Asked for under a name that is not ours: the public door says so, without any link.
            return None
        response = _opened(problems.response(problems.of(failure)))
        if isinstance(failure, MethodNotAllowed):
            response.allow.update(failure.valid_methods or ())
        return response


def _opened(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
