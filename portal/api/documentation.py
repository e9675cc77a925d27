"""`/data/api`: the description of the API for people, made from the same declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from portal.api import filters, openapi, samples
from portal.api.blueprint import PREFIX
from portal.api.filters import PAGING
from portal.api.limits import WINDOW, quota
from portal.api.openapi import fields
from portal.api.operations import Operation, described
from portal.api.parameters import Parameter
from portal.api.problems import Kind
from portal.site.blueprint import page, site


@site.get("/data/api")
def api() -> str:
    """Every address with its parameters, fields and examples."""
    known = samples.samples()
    return page(
        "api/documentation.html",
        prefix=PREFIX,
        version=openapi.VERSION,
        window=WINDOW,
        quota=quota(),
        most=filters.MOST,
        usual=filters.USUAL,
        operations=[_shown(each, known) for each in described()],
        problems=list(Kind),
    )


def _shown(operation: Operation, known: Mapping[str, str] | None) -> dict[str, Any]:
    """One operation as it is told; the parameters that nearly all have are told once, among the rules."""
    parameters = [*operation.path_parameters, *operation.parameters]
    addresses = [
        (each.purpose, samples.address(operation, each, known)) for each in operation.examples if known
    ]
    return {
        "operation": operation,
        "parameters": [(each, _values(each)) for each in parameters if each not in PAGING],
        "fields": fields(operation.returns),
        "examples": [(purpose, href, unquote(href)) for purpose, href in addresses if href],
    }


def _values(parameter: Parameter) -> str:
    """The values that a parameter may have, where they can be told."""
    schema = parameter.schema
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema["type"] == "integer" and "default" in schema:
        return f"{schema['minimum']}–{schema['maximum']}"
    return "YYYY-MM-DD" if schema.get("format") == "date" else ""
