"""`/data/api`: the description of the API for people, made from the same declarations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from portal.api import openapi
from portal.api.blueprint import PREFIX
from portal.api.limits import WINDOW, quota
from portal.api.openapi import fields, request_path
from portal.api.operations import OPERATIONS, Operation
from portal.api.parameters import LANGUAGE, Parameter
from portal.api.problems import QUOTA, Kind
from portal.site.blueprint import page, site


@site.get("/data/api")
def api() -> str:
    """Every address with its parameters, fields and examples."""
    return page(
        "api/documentation.html",
        prefix=PREFIX,
        version=openapi.VERSION,
        window=WINDOW,
        quota=quota(),
        operations=[_shown(each) for each in OPERATIONS.values()],
        problems=[(kind, QUOTA if kind is Kind.TOO_MANY else "") for kind in Kind],
    )


def _shown(operation: Operation) -> dict[str, Any]:
    examples = [
        {"purpose": each.purpose, "href": f"{request_path(operation, each)}{_query(each.query)}"}
        for each in operation.examples
    ]
    return {
        "operation": operation,
        "parameters": [
            *((each, _values(each)) for each in operation.path_parameters),
            *((each, _values(each)) for each in (*operation.reads, LANGUAGE)),
        ],
        "fields": fields(operation.returns),
        "examples": examples,
    }


def _query(query: Any) -> str:
    return f"?{urlencode(query, safe=',')}" if query else ""


def _values(parameter: Parameter) -> str:
    """The values that a parameter may have, where they can be told."""
    schema = parameter.schema
    if "enum" in schema:
        return "、".join(schema["enum"])
    if schema["type"] == "integer" and "default" in schema:
        return f"{schema['minimum']}—{schema['maximum']}"
    return "YYYY-MM-DD" if schema.get("format") == "date" else ""
