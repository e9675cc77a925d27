"""The addresses that lead into the API: where it begins, and its description for machines."""

from __future__ import annotations

from flask import Response, url_for

from portal.address import knows
from portal.api import openapi, parameters, replies
from portal.api.blueprint import api
from portal.api.limits import limited
from portal.api.operations import described
from portal.api.parameters import LANGUAGE


@api.get("/")
@knows(LANGUAGE.name)
@limited
def index() -> Response:
    """Where everything is."""
    parameters.read(())
    collections = {each.name: replies.address(f"api.{each.name}") for each in described() if each.many}
    response = replies.written(
        {
            **collections,
            "openapi": replies.address("api.openapi_document"),
            "documentation": replies.address("site.api"),
        }
    )
    response.headers["Link"] = (
        f'<{url_for("api.openapi_document")}>; rel="service-desc", <{url_for("site.api")}>; rel="service-doc"'
    )
    return response


@api.get("/openapi.json")
@knows(LANGUAGE.name)
@limited
def openapi_document() -> Response:
    """OpenAPI 3.1."""
    parameters.read(())
    return replies.written(openapi.document(), "application/json")
